package points.ledger;

import org.junit.jupiter.api.Test;

/** Refunds. */
interface RefundStories extends StoryTeller {
  @Test
  default void aDebitIsRefundedInPartsUpToWhatWasCharged() {
    tell(
        """
        credit c1 user:1 100
        debit  d1 user:1 60                     -> ok | 40 0 0 0
        refund f1 $d1 10                        -> ok | 50 0 0 0
        refund f2 $d1 51                        -> refund_exceeds_charge remaining=50 | 50 0 0 0
        refund f3 $d1 20                        -> ok | 70 0 0 0
        refund f4 $d1                           -> ok 30 | 100 0 0 0
        refund f5 $d1                           -> refund_exceeds_charge remaining=0
        refund f6 $d1 1                         -> refund_exceeds_charge remaining=0
        """);
  }

  @Test
  default void eachCaptureIsRefundedOnItsOwn() {
    tell(
        """
        credit c1 user:1 100
        hold   h1 user:1 60
        capture k1 $h1 10 final=false
        capture k2 $h1 20                       -> ok | 70 0 0 0
        refund f1 $k1 11                        -> refund_exceeds_charge remaining=10
        refund f2 $k1                           -> ok 10 | 80 0 0 0
        refund f3 $k2 20                        -> ok | 100 0 0 0
        refund f4 $h1                           -> transaction_not_found
        """);
  }

  @Test
  default void onlyChargesOfOnesOwnAreRefunded() {
    tell(
        """
        credit c1 user:1 100
        debit  d1 user:1 60
        hold   h1 user:1 10
        release r1 $h1
        refund f1 $d1 source=voucher            -> not_owner | 40 0 0 0
        refund f1 $c1                           -> transaction_not_found
        refund f1 $r1                           -> transaction_not_found
        refund f1 $nothing                      -> transaction_not_found
        refund f1 $d1 1                         -> ok
        refund f2 $f1                           -> transaction_not_found
        """);
  }

  /** What is both named itself and refers to something named counts once. */
  @Test
  default void aRefundThatIsNamedTooCountsOnce() {
    tell(
        """
        credit c1 user:1 100
        debit  d1 user:1 60
        refund f1 $d1 20                        -> ok | 60 0 0 0
        batch
        refund f2 $f1                           -> transaction_not_found
        refund f3 $d1 40                        -> ok | 100 0 0 0
        end
        """);
  }

  @Test
  default void aRefundGivesBackInTheReverseOrderOfTaking() {
    tell(
        """
        credit c0 user:1 10
        credit c1 user:1 10 expires=+2d
        credit c2 user:1 10 expires=+1d
        debit  d1 user:1 25                     -> ok | 5 0 0 0
        refund f1 $d1 3                         -> ok | 8 0 0 0
        lots   user:1                           -> c1 open 0, c2 open 0
        refund f2 $d1 4                         -> ok | 12 0 0 0
        lots   user:1                           -> c1 open 2, c2 open 0
        moves  $f2                              -> c1 +2/0
        refund f3 $d1 9                         -> ok | 21 0 0 0
        lots   user:1                           -> c1 open 10, c2 open 1
        moves  $f3                              -> c1 +8/0, c2 +1/0
        refund f4 $d1                           -> ok 9 | 30 0 0 0
        lots   user:1                           -> c1 open 10, c2 open 10
        expiring user:1                         -> 20
        """);
  }

  @Test
  default void aRefundOfACaptureGoesIntoTheLotsThatItCharged() {
    tell(
        """
        credit c1 user:1 10 expires=+2d
        credit c2 user:1 10 expires=+1d
        hold   h1 user:1 20
        capture k1 $h1 12 final=false
        capture k2 $h1 4                        -> ok | 4 0 0 0
        refund f1 $k1 5                         -> ok | 9 0 0 0
        moves  $f1                              -> c1 +2/0, c2 +3/0
        refund f2 $k2                           -> ok 4 | 13 0 0 0
        moves  $f2                              -> c1 +4/0
        lots   user:1                           -> c1 open 10, c2 open 3
        """);
  }

  @Test
  default void aRefundIntoALapsedLotExpiresAtOnce() {
    tell(
        """
        credit c1 user:1 10 expires=+1h
        credit c2 user:1 10 expires=+9h
        debit  d1 user:1 15
        at +2h
        refund f1 $d1 12                        -> ok | 17 0 0 0
        balance user:1                          -> ok | 10 0 0 0
        history user:1                          -> credit 10, credit 10, debit 15, refund 12, expire_lot 7
        lots   user:1                           -> c1 expired 0, c2 open 10
        refund f2 $d1                           -> ok 3 | 13 0 0 0
        balance user:1                          -> ok | 10 0 0 0
        refund f3 $d1 1                         -> refund_exceeds_charge remaining=0
        due                                     -> nothing
        """);
  }

  @Test
  default void aRefundIntoALotThatHadExpiredBefore() {
    tell(
        """
        credit c1 user:1 10 expires=+1h
        debit  d1 user:1 6
        at +1h
        due                                     -> expire_lot c1 4 | 0 0 0 0
        refund f1 $d1 2                         -> ok | 2 0 0 0
        refund f2 $d1 4                         -> ok | 4 0 0 0
        balance user:1                          -> ok | 0 0 0 0
        history user:1 -> credit 10, debit 6, expire_lot 4, refund 2, expire_lot 2, refund 4, expire_lot 4
        """);
  }

  @Test
  default void aRefundedPointCanBeSpentAndRefundedAgain() {
    tell(
        """
        credit c1 user:1 10 expires=+1d
        debit  d1 user:1 10
        refund f1 $d1                           -> ok 10
        debit  d2 user:1 10                     -> ok | 0 0 0 0
        refund f2 $d1                           -> refund_exceeds_charge remaining=0
        refund f3 $d2 10                        -> ok | 10 0 0 0
        lots   user:1                           -> c1 open 10
        """);
  }

  @Test
  default void aRefundBeyondTheBalanceLimitIsRefused() {
    tell(
        """
        fill   user:1 9_007_199_254_740_991
        debit  d1 user:1 10
        credit c1 user:1 5
        refund f1 $d1 6                         -> balance_limit
        refund f2 $d1 5                         -> ok | 9007199254740991 0 0 0
        refund f3 $d1                           -> balance_limit
        """);
  }
}
