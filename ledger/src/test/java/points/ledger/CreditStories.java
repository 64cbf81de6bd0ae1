package points.ledger;

import org.junit.jupiter.api.Test;

/** Credits and adjustments. */
interface CreditStories extends StoryTeller {
  @Test
  default void creditsAddUp() {
    tell(
        """
        balance user:1                          -> ok | 0 0 0 0
        credit c1 user:1 100                    -> ok | 100 0 0 0
        credit c2 user:1 1                      -> ok | 101 0 0 0
        credit c3 partner:acme 1_000_000_000_000 -> ok | 1000000000000 0 0 0
        balance user:1                          -> ok | 101 0 0 0
        history user:1                          -> credit 100, credit 1
        lots user:1                             ->
        """);
  }

  @Test
  default void amountsOutsideTheirRangeAreNoCommands() {
    tell(
        """
        credit c1 user:1 0                      -> illegal
        credit c2 user:1 -1                     -> illegal
        credit c3 user:1 1_000_000_000_001      -> illegal
        credit c4 user:1 10 expires=+1d available=+1d -> illegal
        debit  d1 user:1 0                      -> illegal
        hold   h1 user:1 0                      -> illegal
        hold   h2 user:1 1 ttl=0                -> illegal
        hold   h3 user:1 1 ttl=31536001         -> illegal
        adjust a1 user:1 0                      -> illegal
        adjust a2 user:1 -1_000_000_000_001     -> illegal
        history user:1                          ->
        """);
  }

  @Test
  default void anExpiryMustBeInTheFuture() {
    tell(
        """
        credit c1 user:1 10 expires=+0s         -> invalid expires_at | 0 0 0 0
        credit c2 user:1 10 expires=-1us        -> invalid expires_at | 0 0 0 0
        credit c3 user:1 10 expires=+1us        -> ok | 10 0 0 0
        at +1h
        credit c3 user:1 10 expires=+1us        -> again
        credit c1 user:1 10 expires=+2h         -> ok
        """);
  }

  @Test
  default void anAvailabilityInThePastIsAtOnce() {
    tell(
        """
        credit c1 user:1 10 available=+0s       -> ok | 10 0 0 0
        credit c2 user:1 10 available=-1d       -> ok | 20 0 0 0
        credit c3 user:1 10 available=-1d expires=+1d -> ok | 30 0 0 0
        credit c4 user:1 10 available=+1us      -> ok | 30 0 10 0
        lots user:1                             -> c3 open 10, c4 pending 10
        expiring user:1                         -> 10
        """);
  }

  @Test
  default void adjustmentsGiveAndTake() {
    tell(
        """
        adjust a1 user:1 -1                     -> insufficient_points available=0
        adjust a2 user:1 50                     -> ok | 50 0 0 0
        adjust a3 user:1 -20                    -> ok | 30 0 0 0
        adjust a4 user:1 -31                    -> insufficient_points available=30
        adjust a5 user:1 5 maker=ann checker=ann -> illegal
        history user:1                          -> adjust 50, adjust 20
        """);
  }

  @Test
  default void anAdjustmentTakesWhatExpiresSoonestAndCannotBeRefundedOrReversed() {
    tell(
        """
        credit c1 user:1 10 expires=+2d
        credit c2 user:1 10 expires=+1d
        credit c3 user:1 10
        adjust a1 user:1 -25                    -> ok | 5 0 0 0
        lots user:1                             -> c1 open 0, c2 open 0
        moves $a1                               -> c2 -10/0, c1 -10/0
        refund f1 $a1 source=admin              -> transaction_not_found
        reverse v1 $a1 source=admin             -> transaction_not_found
        """);
  }

  @Test
  default void debtIsRepaidByCreditsActivationsAndAdjustments() {
    tell(
        """
        credit c1 user:1 100
        debit  d1 user:1 100
        reverse v1 $c1 policy=debt              -> ok 100 | 0 0 0 100
        credit c2 user:1 10                     -> ok | 0 0 0 90
        credit c3 user:1 20 expires=+9d         -> ok | 0 0 0 70
        credit c4 user:1 30 available=+1d       -> ok | 0 0 30 70
        credit c5 user:1 5 available=+1d expires=+2d -> ok | 0 0 35 70
        adjust a1 user:1 15                     -> ok | 0 0 35 55
        at +1d
        due                                     -> activate c4 30, activate c5 5 | 0 0 0 20
        lots user:1                             -> c3 open 0, c4 merged 0, c5 open 0
        credit c6 user:1 50 expires=+9d         -> ok | 30 0 0 0
        lots user:1                             -> c3 open 0, c4 merged 0, c5 open 0, c6 open 30
        expiring user:1                         -> 30
        at +10d
        due                                     -> expire_lot c6 30 | 0 0 0 0
        """);
  }

  @Test
  default void anActivationRepaysOnlyWhatIsOwed() {
    tell(
        """
        credit c1 user:1 10
        debit  d1 user:1 10
        reverse v1 $c1 policy=debt              -> ok 10 | 0 0 0 10
        credit c2 user:1 30 available=+1d expires=+3d -> ok | 0 0 30 10
        at +1d
        due                                     -> activate c2 30 | 20 0 0 0
        lots user:1                             -> c2 open 20
        moves $c2                               -> c2 +30/0
        debit d2 user:1 21                      -> insufficient_points available=20
        debit d3 user:1 20                      -> ok | 0 0 0 0
        """);
  }

  @Test
  default void refundsAndReleasesRepayNoDebt() {
    tell(
        """
        credit c1 user:1 100
        debit  d1 user:1 60
        hold   h1 user:1 40
        reverse v1 $c1 policy=debt              -> ok 100 | 0 40 0 100
        release r1 $h1                          -> ok 40 | 40 0 0 100
        refund f1 $d1                           -> ok 60 | 100 0 0 100
        debit  d2 user:1 100                    -> ok | 0 0 0 100
        """);
  }
}
