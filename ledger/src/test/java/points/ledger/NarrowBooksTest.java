package points.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Deciding from the few lots that expire soonest: where lots that were not read could make a
 * difference they are asked for, and only there.
 */
final class NarrowBooksTest {
  private final SettableClock clock = new SettableClock();
  private final Random ids = new Random(1);
  private final InMemoryLedger ledger = new InMemoryLedger(clock, new Ids(ids), Limits.NONE);

  /** Three lots and some points that never expire. */
  private static final String LOTS =
      """
      credit c0 user:1 100
      credit c1 user:1 10 expires=+1d
      credit c2 user:1 10 expires=+2d
      credit c3 user:1 10 expires=+3d
      """;

  private void asks(String before, String batch) {
    assertThat(narrow(1, before, batch).asked()).as(batch).isEqualTo(1);
  }

  private void doesNotAsk(int lots, String before, String batch) {
    assertThat(narrow(lots, before, batch).same()).as(batch).isEqualTo(1);
  }

  private NarrowLedger narrow(int lots, String before, String batch) {
    Story story = new Story(ledger, clock).tell(before);
    NarrowLedger narrow = new NarrowLedger(ledger, clock, ids, lots);
    narrow.execute(batch.lines().map(story::command).toList());
    return narrow;
  }

  @Test
  void whatTheKnownLotsCoverNeedsNoMore() {
    doesNotAsk(1, LOTS, "debit d1 user:1 10");
  }

  @Test
  void whatTheyCoverTogetherNeedsNoMore() {
    doesNotAsk(2, LOTS, "debit d1 user:1 20");
  }

  @Test
  void oneMoreNeedsMore() {
    asks(LOTS, "debit d1 user:1 11");
  }

  @Test
  void aNewLotIsNotTakenBeforeOnesThatWereNotRead() {
    asks(LOTS, "credit c4 user:1 10 expires=+9d\ndebit d1 user:1 11");
  }

  @Test
  void aNewLotThatExpiresSoonestIsTakenFirst() {
    doesNotAsk(1, LOTS, "credit c4 user:1 10 expires=+1h\ndebit d1 user:1 20");
  }

  @Test
  void aNewLotThatWasReadBeforeOthersIsNotTakenEither() {
    asks(LOTS, "debit d0 user:1 1\ncredit c4 user:1 10 expires=+9d\ndebit d1 user:1 12");
  }

  @Test
  void lapsedLotsThatWereNotReadAreNotSpendable() {
    asks(
        LOTS + "at +60h\n",
        "credit c4 user:1 10 expires=+9d\ndebit d1 user:1 1000\ndebit d2 user:1 125");
  }

  @Test
  void lapsedLotsThatWereNotReadCountInWhatARefusalSaysToo() {
    asks(LOTS + "at +60h\n", "credit c4 user:1 10 expires=+9d\ndebit d1 user:1 1000");
  }

  @Test
  void whenAllThatWasReadHasLapsedTheRestIsNeeded() {
    asks(LOTS + "at +25h\n", "debit d1 user:1 1000");
  }

  @Test
  void aReversalTakesItsOwnLotWithoutTheRest() {
    Story story = new Story(ledger, clock).tell(LOTS);
    NarrowLedger narrow = new NarrowLedger(ledger, clock, ids, 1);
    narrow.execute(List.of(story.command("reverse v1 $c3 10")));
    assertThat(narrow.same()).isEqualTo(1);
  }

  @Test
  void aReversalThatTakesFromOthersInOrderNeedsThem() {
    asks(
        LOTS + "debit d1 user:1 10\n",
        "credit c4 user:1 90 expires=+9d\nreverse v1 $c1 10\ndebit d2 user:1 5");
  }

  @Test
  void aReversalBeyondItsOwnLotTakesNoNewLotBeforeOnesThatWereNotRead() {
    asks(LOTS + "debit d1 user:1 6\n", "credit c4 user:1 90 expires=+9d\nreverse v1 $c1 10");
  }

  @Test
  void aReversalThatGoesBeyondTheKnownNeedsMore() {
    asks(LOTS + "debit d1 user:1 10\n", "reverse v0 $c2 1\nreverse v1 $c1 10");
  }

  @Test
  void aReversalThatTheKnownCoverNeedsNoMore() {
    doesNotAsk(1, LOTS + "debit d1 user:1 10\n", "reverse v1 $c1 10");
  }

  @Test
  void aReversalFromPermanentPointsNeedsNoLots() {
    doesNotAsk(1, LOTS, "reverse v1 $c0 100");
  }

  @Test
  void creditsAndReleasesNeedNoLots() {
    doesNotAsk(
        1,
        LOTS + "hold h1 user:1 25\n",
        "credit c5 user:1 5\nrelease r1 $h1\nadjust a1 user:1 5\ncapture k1 $h1");
  }
}
