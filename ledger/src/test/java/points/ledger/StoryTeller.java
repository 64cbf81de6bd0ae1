package points.ledger;

/** Where the stories of the contract get their ledger from: each test a new, empty one. */
interface StoryTeller {
  /** The ledger of this test, watched. */
  Ledger ledger();

  /** The story of this test; it goes on with each call of {@link Story#tell}. */
  Story story();

  /** Begins the story of this test anew, on a ledger that lets a source credit so much a day. */
  void dailyCreditMax(long points);

  /** Tells the whole story of a test, or the next part of it. */
  default void tell(String script) {
    story().tell(script);
  }
}
