package points.ledger;

import org.junit.jupiter.api.Test;

/** Where two errors apply, the one that the HTTP contract names first is told. */
interface PrecedenceStories extends StoryTeller {
  @Test
  default void idempotencyBeforeWhatTimeMakesInvalid() {
    tell(
        """
        credit c1 user:1 10 expires=+1h         -> ok
        at +2h
        credit c1 user:1 10 expires=+1h         -> again
        credit c1 user:1 11 expires=+1h         -> conflict amount of=c1
        """);
  }

  @Test
  default void whatTimeMakesInvalidBeforeTheAccountsState() {
    tell(
        """
        credit c1 user:1 10
        freeze user:1
        credit c2 user:1 10 expires=-1h         -> invalid expires_at
        """);
  }

  @Test
  default void idempotencyBeforeExistence() {
    tell(
        """
        credit c1 user:1 100
        hold   h1 user:1 10
        debit  d1 user:1 10
        capture k1 $h1
        refund f1 $d1
        reverse v1 $c1 1
        capture k1 $nothing                     -> conflict hold_id of=k1
        refund f1 $nothing                      -> conflict transaction_id of=f1
        reverse v1 $nothing 1                   -> conflict transaction_id of=v1
        """);
  }

  @Test
  default void idempotencyBeforeOwnership() {
    tell(
        """
        credit c1 user:1 100
        hold   h1 user:1 10
        hold   h2 user:1 10 source=voucher
        capture k1 $h2 source=voucher           -> ok 10
        capture k1 $h1 source=voucher           -> conflict hold_id of=k1
        """);
  }

  @Test
  default void idempotencyBeforeEverythingElse() {
    tell(
        """
        credit c1 user:1 100
        hold   h1 user:1 10
        debit  d1 user:1 10
        capture k1 $h1                          -> ok 10
        freeze user:1
        capture k1 $h1                          -> again 10
        capture k1 $h1 999                      -> conflict amount of=k1
        debit  d1 user:1 10                     -> again
        debit  d1 user:1 999                    -> conflict amount of=d1
        """);
  }

  @Test
  default void existenceBeforeOwnership() {
    tell(
        """
        credit c1 user:1 100
        debit  d1 user:1 10
        refund f1 $c1 source=voucher            -> transaction_not_found
        reverse v1 $d1 source=other             -> transaction_not_found
        capture k1 $d1 source=voucher           -> hold_not_found
        """);
  }

  @Test
  default void ownershipBeforeTheHoldsState() {
    tell(
        """
        credit c1 user:1 100
        hold   h1 user:1 10 ttl=60
        release r1 $h1
        capture k1 $h1 source=voucher           -> not_owner
        release r1 $h1 source=voucher           -> not_owner
        hold   h2 user:1 10 ttl=60
        at +1h
        capture k1 $h2 source=voucher           -> not_owner
        """);
  }

  @Test
  default void ownershipBeforeTheAccountsState() {
    tell(
        """
        credit c1 user:1 100
        debit  d1 user:1 10
        hold   h1 user:1 10
        freeze user:1
        refund f1 $d1 source=voucher            -> not_owner
        reverse v1 $c1 source=other             -> not_owner
        capture k1 $h1 source=voucher           -> not_owner
        release r1 $h1 source=voucher           -> not_owner
        """);
  }

  @Test
  default void theHoldsStateBeforeTheAccounts() {
    tell(
        """
        credit c1 user:1 100
        hold   h1 user:1 10
        hold   h2 user:1 10 ttl=60
        release r1 $h1
        freeze user:1
        capture k1 $h1                          -> hold_not_active released 10/0/10
        release r2 $h1                          -> hold_not_active released 10/0/10
        at +60s
        capture k2 $h2                          -> hold_not_active expired 10/0/10
        release r3 $h2                          -> hold_not_active expired 10/0/10
        """);
  }

  @Test
  default void theHoldsStateBeforeAmounts() {
    tell(
        """
        credit c1 user:1 100
        hold   h1 user:1 10
        release r1 $h1
        capture k1 $h1 11                       -> hold_not_active released 10/0/10
        """);
  }

  @Test
  default void theAccountsStateBeforeAmounts() {
    tell(
        """
        credit c1 user:1 100
        debit  d1 user:1 10
        hold   h1 user:1 10
        freeze user:1
        debit  d2 user:1 1000                   -> account_frozen
        hold   h2 user:1 1000                   -> account_frozen
        capture k1 $h1 1000                     -> account_frozen
        refund f1 $d1 1000                      -> account_frozen
        reverse v1 $c1 1000                     -> account_frozen
        adjust a1 user:1 -1000                  -> account_frozen
        """);
  }

  @Test
  default void theAccountsStateBeforeTheCeilingAndTheCeilingBeforeTheBalance() {
    dailyCreditMax(1_000_000_000_005L);
    tell(
        """
        credit c1 user:1 1_000_000_000_000      -> ok
        freeze user:1
        credit c2 user:1 6                      -> account_frozen
        thaw   user:1
        credit c3 user:1 6                      -> limit_exceeded remaining=5
        """);
  }

  @Test
  default void whatIsLeftOfTheCreditBeforeWhatIsThere() {
    tell(
        """
        credit c1 user:1 100
        debit  d1 user:1 100
        reverse v1 $c1 101                      -> limit_exceeded remaining=100
        reverse v2 $c1 100                      -> insufficient_points available=0
        """);
  }

  @Test
  default void whatIsLeftOfTheChargeBeforeTheBalanceLimit() {
    tell(
        """
        fill   user:1 9_007_199_254_740_991
        debit  d1 user:1 10
        credit c1 user:1 10
        refund f1 $d1 11                        -> refund_exceeds_charge remaining=10
        refund f2 $d1 10                        -> balance_limit
        """);
  }
}
