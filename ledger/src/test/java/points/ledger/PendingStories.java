package points.ledger;

import org.junit.jupiter.api.Test;

/** Credits that become available later. */
interface PendingStories extends StoryTeller {
  @Test
  default void aPendingCreditBecomesAvailable() {
    tell(
        """
        credit c1 user:1 10 available=+1h       -> ok | 0 0 10 0
        lots   user:1                           -> c1 pending 10
        expiring user:1                         -> 0
        debit  d1 user:1 1                      -> insufficient_points available=0
        at +1h-1us
        due                                     -> nothing
        activate $c1                            -> nothing_due
        at +1h
        debit  d2 user:1 1                      -> insufficient_points available=0
        due                                     -> activate c1 10 | 10 0 0 0
        lots   user:1                           -> c1 merged 0
        expiring user:1                         -> 0
        due                                     -> nothing
        activate $c1                            -> again 10
        activate $nothing                       -> nothing_due
        debit  d3 user:1 10                     -> ok | 0 0 0 0
        """);
  }

  @Test
  default void pendingThenAvailableThenExpired() {
    tell(
        """
        credit c1 user:1 10 available=+1h expires=+2h -> ok | 0 0 10 0
        expire_lot $c1 2                        -> nothing_due
        at +1h
        due                                     -> activate c1 10 | 10 0 0 0
        lots   user:1                           -> c1 open 10
        expiring user:1                         -> 10
        debit  d1 user:1 3
        at +2h
        due                                     -> expire_lot c1 7 | 0 0 0 0
        history user:1                          -> credit 10, activate 10, debit 3, expire_lot 7
        """);
  }

  @Test
  default void anActivationThatComesTooLateExpiresAtOnce() {
    tell(
        """
        credit c1 user:1 10 available=+1h expires=+2h
        at +5h
        expire_lot $c1 2                        -> nothing_due
        due                                     -> activate c1 10 | 0 0 0 0
        history user:1                          -> credit 10, activate 10, expire_lot 10
        lots   user:1                           -> c1 expired 0
        due                                     -> nothing
        reverse v1 $c1                          -> already_reversed remaining=0
        """);
  }

  @Test
  default void aLateActivationRepaysDebtBeforeItExpires() {
    tell(
        """
        credit c1 user:1 6
        debit  d1 user:1 6
        reverse v1 $c1 policy=debt              -> ok 6 | 0 0 0 6
        credit c2 user:1 10 available=+1h expires=+2h
        at +5h
        due                                     -> activate c2 10 | 0 0 0 0
        history user:1 -> credit 6, debit 6, reverse 6, credit 10, activate 10, expire_lot 4
        """);
  }

  @Test
  default void aMergedCreditIsReversedLikeOneWithoutALot() {
    tell(
        """
        credit c1 user:1 10 available=+1h
        credit c2 user:1 10 expires=+1d
        at +1h
        due                                     -> activate c1 10 | 20 0 0 0
        reverse v1 $c1 4                        -> ok | 16 0 0 0
        moves  $v1                              ->
        debit  d1 user:1 12                     -> ok | 4 0 0 0
        reverse v2 $c1                          -> insufficient_points available=4
        credit c3 user:1 5 expires=+2d
        reverse v3 $c1                          -> ok 6 | 3 0 0 0
        moves  $v3                              -> c3 -2/0
        """);
  }

  @Test
  default void pendingCountsTowardsTheBalanceLimit() {
    tell(
        """
        fill   user:1 9_007_199_254_740_981
        credit c1 user:1 10 available=+1h       -> ok | 9007199254740981 0 10 0
        credit c2 user:1 1                      -> balance_limit
        at +1h
        due                                     -> activate c1 10 | 9007199254740991 0 0 0
        """);
  }
}
