package points.ledger;

import org.junit.jupiter.api.Test;

/** Reversals: three policies, and where the points are taken from. */
interface ReverseStories extends StoryTeller {
  @Test
  default void rejectIsAllOrNothing() {
    tell(
        """
        credit c1 user:1 100
        debit  d1 user:1 30
        reverse v1 $c1                          -> insufficient_points available=70 | 70 0 0 0
        reverse v2 $c1 71                       -> insufficient_points available=70 | 70 0 0 0
        reverse v3 $c1 70                       -> ok | 0 0 0 0
        reverse v4 $c1 31                       -> limit_exceeded remaining=30
        reverse v5 $c1                          -> insufficient_points available=0
        credit c2 user:1 50
        reverse v6 $c1                          -> ok 30 | 20 0 0 0
        reverse v7 $c1                          -> already_reversed remaining=0
        reverse v8 $c1 1                        -> already_reversed remaining=0
        """);
  }

  @Test
  default void withinBalanceTakesWhatIsThere() {
    tell(
        """
        credit c1 user:1 100
        debit  d1 user:1 70
        reverse v1 $c1 policy=within_balance    -> ok 30 | 0 0 0 0
        reverse v2 $c1 policy=within_balance    -> ok 0 | 0 0 0 0
        reverse v3 $c1 71 policy=within_balance -> limit_exceeded remaining=70
        credit c2 user:1 20
        reverse v4 $c1 50 policy=within_balance -> ok 20 | 0 0 0 0
        credit c3 user:1 90
        reverse v5 $c1 policy=within_balance    -> ok 50 | 40 0 0 0
        reverse v6 $c1 policy=within_balance    -> already_reversed remaining=0
        history user:1 -> credit 100, debit 70, reverse 30, reverse 0, credit 20, reverse 20, credit 90, reverse 50
        """);
  }

  @Test
  default void debtOwesTheRest() {
    tell(
        """
        credit c1 user:1 100
        debit  d1 user:1 70
        reverse v1 $c1 60 policy=debt           -> ok | 0 0 0 30
        reverse v2 $c1 41 policy=debt           -> limit_exceeded remaining=40
        reverse v3 $c1 policy=debt              -> ok 40 | 0 0 0 70
        reverse v4 $c1 policy=debt              -> already_reversed remaining=0
        credit c2 user:1 100                    -> ok | 30 0 0 0
        """);
  }

  @Test
  default void heldPointsAreOutOfReach() {
    tell(
        """
        credit c1 user:1 100
        hold   h1 user:1 80
        reverse v1 $c1                          -> insufficient_points available=20 | 20 80 0 0
        reverse v2 $c1 policy=within_balance    -> ok 20 | 0 80 0 0
        reverse v3 $c1 policy=debt              -> ok 80 | 0 80 0 80
        capture k1 $h1 30                       -> ok | 50 0 0 80
        """);
  }

  @Test
  default void theCreditsOwnLotGoesFirst() {
    tell(
        """
        credit c0 user:1 10
        credit c1 user:1 10 expires=+1d
        credit c2 user:1 10 expires=+3d
        credit c3 user:1 10 expires=+2d
        reverse v1 $c2 4                        -> ok | 36 0 0 0
        lots   user:1                           -> c1 open 10, c2 open 6, c3 open 10
        debit  d1 user:1 22
        lots   user:1                           -> c1 open 0, c2 open 4, c3 open 0
        credit c4 user:1 10 expires=+5d
        reverse v2 $c2                          -> ok 6 | 18 0 0 0
        lots   user:1                           -> c1 open 0, c2 open 0, c3 open 0, c4 open 8
        moves  $v2                              -> c2 -4/0, c4 -2/0
        """);
  }

  @Test
  default void afterItsOwnLotTheOrderIsThatOfSpending() {
    tell(
        """
        credit c0 user:1 10
        credit c1 user:1 10 expires=+1d
        debit  d1 user:1 10
        credit c2 user:1 3 expires=+3d
        credit c3 user:1 3 expires=+2d
        reverse v1 $c1                          -> ok 10 | 6 0 0 0
        moves  $v1                              -> c3 -3/0, c2 -3/0
        lots   user:1                           -> c1 open 0, c2 open 0, c3 open 0
        """);
  }

  @Test
  default void aCreditWithoutALotGoesFromPointsThatNeverExpireFirst() {
    tell(
        """
        credit c0 user:1 10
        credit c1 user:1 10 expires=+2d
        credit c2 user:1 10 expires=+1d
        credit c3 user:1 10
        reverse v1 $c0                          -> ok 10 | 30 0 0 0
        moves  $v1                              ->
        hold   h1 user:1 22
        lots   user:1                           -> c1 open 0, c2 open 0
        release r1 $h1
        debit  d1 user:1 25                     -> ok | 5 0 0 0
        credit c4 user:1 10 expires=+9d
        reverse v2 $c3                          -> ok 10 | 5 0 0 0
        moves  $v2                              -> c4 -5/0
        """);
  }

  @Test
  default void lapsedPointsAreOutOfReach() {
    tell(
        """
        credit c1 user:1 10 expires=+1d
        credit c2 user:1 10 expires=+9d
        at +1d
        reverse v1 $c2 policy=within_balance    -> ok 10 | 10 0 0 0
        reverse v2 $c1                          -> already_reversed remaining=0 | 10 0 0 0
        reverse v3 $c1 policy=debt              -> already_reversed remaining=0 | 10 0 0 0
        due                                     -> expire_lot c1 10 | 0 0 0 0
        reverse v4 $c1 policy=debt              -> already_reversed remaining=0
        """);
  }

  @Test
  default void aLapsedLotOfTheCreditCountsAsGoneBackBeforeItsExpiryIsPosted() {
    tell(
        """
        credit c1 user:1 10 expires=+1d
        credit c2 user:1 20 expires=+9d
        debit  d1 user:1 4
        at +1d
        reverse v1 $c1 5                        -> limit_exceeded remaining=4
        reverse v2 $c1                          -> ok 4 | 22 0 0 0
        moves  $v2                              -> c2 -4/0
        lots   user:1                           -> c1 open 6, c2 open 16
        reverse v3 $c1                          -> already_reversed remaining=0
        due                                     -> expire_lot c1 6 | 16 0 0 0
        reverse v4 $c1                          -> already_reversed remaining=0
        """);
  }

  @Test
  default void whatExpiredHasGoneBackAlready() {
    tell(
        """
        credit c1 user:1 10 expires=+1d
        debit  d1 user:1 4
        at +1d
        due                                     -> expire_lot c1 6 | 0 0 0 0
        reverse v1 $c1 5 policy=debt            -> limit_exceeded remaining=4
        refund f1 $d1 1                         -> ok | 1 0 0 0
        reverse v2 $c1 4 policy=debt            -> limit_exceeded remaining=3
        reverse v3 $c1 policy=debt              -> ok 3 | 0 0 0 3
        """);
  }

  /** A reversal from other lots and a late expiry may together be more than the credit was. */
  @Test
  default void nothingIsLeftToReverseWhenMoreThanTheCreditHasGone() {
    tell(
        """
        credit c0 user:1 100
        credit c1 user:1 100 expires=+1h
        debit  d1 user:1 60
        reverse v1 $c1                          -> ok 100 | 40 0 0 0
        at +1h
        refund f1 $d1                           -> ok 60 | 100 0 0 0
        balance user:1                          -> ok | 40 0 0 0
        reverse v2 $c1                          -> already_reversed remaining=0 | 40 0 0 0
        reverse v3 $c1 1                        -> already_reversed remaining=0 | 40 0 0 0
        reverse v4 $c1 policy=debt              -> already_reversed remaining=0 | 40 0 0 0
        reverse v5 $c1 policy=within_balance    -> already_reversed remaining=0 | 40 0 0 0
        """);
  }

  @Test
  default void aPendingCreditIsTakenBackFromPending() {
    tell(
        """
        credit c1 user:1 100 available=+1d      -> ok | 0 0 100 0
        reverse v1 $c1 101                      -> limit_exceeded remaining=100
        reverse v2 $c1 40                       -> ok | 0 0 60 0
        lots   user:1                           -> c1 pending 60
        reverse v3 $c1 policy=debt              -> ok 60 | 0 0 0 0
        lots   user:1                           -> c1 reversed 0
        reverse v4 $c1                          -> already_reversed remaining=0
        at +1d
        due                                     -> nothing
        activate $c1                            -> nothing_due
        """);
  }

  @Test
  default void whatIsLeftOfAPendingCreditBecomesAvailable() {
    tell(
        """
        credit c1 user:1 100 available=+1d
        credit c2 user:1 100 available=+1d expires=+2d
        reverse v1 $c1 40 policy=within_balance -> ok | 0 0 160 0
        reverse v2 $c2 99                       -> ok | 0 0 61 0
        at +1d
        reverse v3 $c1 10                       -> ok | 0 0 51 0
        due                                     -> activate c1 50, activate c2 1 | 51 0 0 0
        reverse v4 $c1                          -> ok 50 | 1 0 0 0
        reverse v5 $c2                          -> ok 1 | 0 0 0 0
        moves  $v5                              -> c2 -1/0
        lots   user:1                           -> c1 merged 0, c2 open 0
        """);
  }

  @Test
  default void aPendingCreditIsNotHelpedByOthersAndTouchesNone() {
    tell(
        """
        credit c1 user:1 100 available=+1d
        credit c2 user:1 50
        reverse v1 $c1                          -> ok 100 | 50 0 0 0
        """);
  }

  @Test
  default void onlyCreditsOfOnesOwnAreReversed() {
    tell(
        """
        credit c1 user:1 100
        debit  d1 user:1 10
        reverse v1 $c1 source=other             -> not_owner | 90 0 0 0
        reverse v1 $d1                          -> transaction_not_found
        reverse v1 $nothing                     -> transaction_not_found
        reverse v1 $c1 10                       -> ok
        reverse v2 $v1                          -> transaction_not_found
        """);
  }

  @Test
  default void aDebtThatBecameRepaidIsNotReversedTwice() {
    tell(
        """
        credit c1 user:1 50
        debit  d1 user:1 50
        reverse v1 $c1 policy=debt              -> ok 50 | 0 0 0 50
        credit c2 user:1 50 expires=+1d         -> ok | 0 0 0 0
        reverse v2 $c2 policy=within_balance    -> ok 0 | 0 0 0 0
        reverse v3 $c2 policy=debt              -> ok 50 | 0 0 0 50
        reverse v4 $c2 policy=debt              -> already_reversed remaining=0
        """);
  }
}
