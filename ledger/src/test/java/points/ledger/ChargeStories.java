package points.ledger;

import org.junit.jupiter.api.Test;

/** Debits, and which lots they take from. */
interface ChargeStories extends StoryTeller {
  @Test
  default void aDebitTakesWhatIsThere() {
    tell(
        """
        credit c1 user:1 100                    -> ok | 100 0 0 0
        debit  d1 user:1 30                     -> ok | 70 0 0 0
        debit  d2 user:1 71                     -> insufficient_points available=70 | 70 0 0 0
        debit  d3 user:1 70                     -> ok | 0 0 0 0
        debit  d4 user:1 1                      -> insufficient_points available=0 | 0 0 0 0
        debit  d5 user:never 1                  -> insufficient_points available=0 | 0 0 0 0
        history user:1                          -> credit 100, debit 30, debit 70
        history user:never                      ->
        """);
  }

  @Test
  default void whatExpiresSoonestIsSpentFirst() {
    tell(
        """
        credit c0 user:1 10
        credit c1 user:1 10 expires=+3d
        credit c2 user:1 10 expires=+1d
        credit c3 user:1 10 expires=+2d
        debit  d1 user:1 5                      -> ok | 35 0 0 0
        lots user:1                             -> c1 open 10, c2 open 5, c3 open 10
        debit  d2 user:1 10
        lots user:1                             -> c1 open 10, c2 open 0, c3 open 5
        moves $d2                               -> c2 -5/5, c3 -5/5
        debit  d3 user:1 16
        lots user:1                             -> c1 open 0, c2 open 0, c3 open 0
        moves $d3                               -> c3 -5/5, c1 -10/10
        expiring user:1                         -> 0
        balance user:1                          -> ok | 9 0 0 0
        """);
  }

  @Test
  default void ofOneExpiryTheOlderIsSpentFirst() {
    tell(
        """
        credit c1 user:1 10 expires=+1d
        credit c2 user:1 10 expires=+1d
        credit c3 user:1 10 expires=+1d
        debit  d1 user:1 15
        lots user:1                             -> c1 open 0, c2 open 5, c3 open 10
        """);
  }

  @Test
  default void ofOneExpiryTheOlderIsSpentFirstThoughActivatedLater() {
    tell(
        """
        credit c1 user:1 10 expires=+9d available=+1d
        credit c2 user:1 10 expires=+9d
        at +1d
        due                                     -> activate c1 10 | 20 0 0 0
        debit  d1 user:1 15
        lots user:1                             -> c1 open 0, c2 open 5
        """);
  }

  @Test
  default void lapsedPointsAreNotSpentThoughNotYetExpired() {
    tell(
        """
        credit c1 user:1 10 expires=+1d
        credit c2 user:1 10 expires=+2d
        credit c3 user:1 10
        at +1d-1us
        debit  d1 user:1 1                      -> ok | 29 0 0 0
        at +1d
        debit  d2 user:1 21                     -> insufficient_points available=20 | 29 0 0 0
        hold   h1 user:1 21                     -> insufficient_points available=20 | 29 0 0 0
        adjust a1 user:1 -21                    -> insufficient_points available=20 | 29 0 0 0
        debit  d3 user:1 15                     -> ok | 14 0 0 0
        lots user:1                             -> c1 open 9, c2 open 0
        at +2d
        debit  d4 user:1 5                      -> ok | 9 0 0 0
        debit  d5 user:1 1                      -> insufficient_points available=0
        due                                     -> expire_lot c1 9 | 0 0 0 0
        lots user:1                             -> c1 expired 0, c2 open 0
        """);
  }

  @Test
  default void pendingAndHeldPointsAreNotSpent() {
    tell(
        """
        credit c1 user:1 50 available=+1d
        credit c2 user:1 20
        hold   h1 user:1 15
        debit  d1 user:1 6                      -> insufficient_points available=5 | 5 15 50 0
        hold   h2 user:1 6                      -> insufficient_points available=5 | 5 15 50 0
        debit  d2 user:1 5                      -> ok | 0 15 50 0
        """);
  }

  @Test
  default void aFrozenAccountRefusesEverything() {
    tell(
        """
        credit c1 user:1 100 expires=+2d
        credit c2 user:1 10 available=+1h
        debit  d1 user:1 10
        hold   h1 user:1 10 ttl=60
        hold   h2 user:1 10 ttl=86400
        freeze user:1
        credit c3 user:1 1                      -> account_frozen | 70 20 10 0
        debit  d2 user:1 1                      -> account_frozen
        hold   h3 user:1 1                      -> account_frozen
        capture k1 $h2                          -> account_frozen
        release r1 $h2                          -> account_frozen
        refund f1 $d1                           -> account_frozen
        reverse v1 $c1                          -> account_frozen
        adjust a1 user:1 1                      -> account_frozen
        adjust a2 user:1 -1                     -> account_frozen
        at +3d
        due                                     -> nothing
        expire_hold $h1                         -> nothing_due
        activate $c2                            -> nothing_due
        expire_lot $c1 9                        -> nothing_due
        credit c1 user:1 100 expires=+2d        -> again
        thaw user:1
        debit  d2 user:1 1                      -> again account_frozen | 70 20 10 0
        due -> expire_hold h1 10, expire_hold h2 10, activate c2 10, expire_lot c1 nothing_due
        balance user:1                          -> ok | 10 0 0 0
        lots user:1                             -> c1 expired 0, c2 merged 0
        """);
  }

  @Test
  default void freezingConcernsOneAccountAndStays() {
    tell(
        """
        credit c1 user:1 100
        credit c2 user:2 100
        freeze user:1
        freeze user:1
        debit  d2 user:2 1                      -> ok | 99 0 0 0
        debit  d1 user:1 1                      -> account_frozen | 100 0 0 0
        thaw user:1
        debit  d3 user:1 1                      -> ok | 99 0 0 0
        """);
  }
}
