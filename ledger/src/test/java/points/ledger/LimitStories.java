package points.ledger;

import org.junit.jupiter.api.Test;

/** Amounts, balances, debts and ceilings at their bounds. */
interface LimitStories extends StoryTeller {
  @Test
  default void aBalanceEndsAtTheLargestNumberThatABrowserReads() {
    tell(
        """
        fill   user:1 9_007_199_254_740_990
        credit c1 user:1 2                      -> balance_limit | 9007199254740990 0 0 0
        credit c2 user:1 2 available=+1d        -> balance_limit
        credit c3 user:1 2 expires=+1d          -> balance_limit
        adjust a1 user:1 2                      -> balance_limit
        lots   user:1                           ->
        credit c4 user:1 1                      -> ok | 9007199254740991 0 0 0
        credit c5 user:1 1_000_000_000_000      -> balance_limit
        hold   h1 user:1 1_000_000_000_000      -> ok | 9006199254740991 1000000000000 0 0
        credit c6 user:1 1                      -> balance_limit
        release r1 $h1                          -> ok 1000000000000 | 9007199254740991 0 0 0
        debit  d1 user:1 1                      -> ok
        adjust a2 user:1 1                      -> ok | 9007199254740991 0 0 0
        reverse v1 $c4                          -> ok 1 | 9007199254740990 0 0 0
        """);
  }

  @Test
  default void aDebtMakesRoomForTheCreditThatRepaysIt() {
    tell(
        """
        credit c1 user:1 10
        debit  d1 user:1 10
        reverse v1 $c1 policy=debt              -> ok 10 | 0 0 0 10
        fill   user:1 9_007_199_254_740_991
        balance user:1                          -> ok | 9007199254740981 0 0 0
        credit c2 user:1 11                     -> balance_limit
        credit c3 user:1 10                     -> ok | 9007199254740991 0 0 0
        """);
  }

  @Test
  default void aDebtEndsThereToo() {
    StringBuilder script = new StringBuilder();
    for (int i = 0; i < 9008; i++) {
      if (i % 500 == 0) {
        script.append(i == 0 ? "batch\n" : "end\nbatch\n");
      }
      script.append("credit c%d user:1 1_000_000_000_000%n".formatted(i));
      script.append("debit d%d user:1 1_000_000_000_000%n".formatted(i));
    }
    script.append("end\n");
    for (int i = 0; i < 9007; i++) {
      if (i % 500 == 0) {
        script.append(i == 0 ? "batch\n" : "end\nbatch\n");
      }
      script.append("reverse v%d $c%d policy=debt%n".formatted(i, i));
    }
    script.append("end\n");
    script.append("balance user:1 -> ok | 0 0 0 9007000000000000\n");
    script.append("reverse w1 $c9007 199_254_740_992 policy=debt -> balance_limit\n");
    script.append("reverse w2 $c9007 199_254_740_991 policy=debt -> ok | 0 0 0 9007199254740991\n");
    script.append("reverse w3 $c9007 1 policy=debt -> balance_limit\n");
    script.append("reverse w4 $c9007 1 policy=within_balance -> ok 0\n");
    tell(script.toString());
  }

  @Test
  default void aSourceCreditsNoMoreThanItsCeilingInADay() {
    dailyCreditMax(100);
    tell(
        """
        credit c1 user:1 60                     -> ok
        credit c2 user:2 41                     -> limit_exceeded remaining=40
        credit c3 user:2 10 available=+1d       -> ok
        credit c4 user:3 31 expires=+1d         -> limit_exceeded remaining=30
        credit c5 user:3 30                     -> ok
        credit c6 user:3 1                      -> limit_exceeded remaining=0
        credit c7 user:3 1 source=other         -> ok
        credit c1 user:1 60                     -> again
        adjust a1 user:1 500                    -> ok
        reverse v1 $c1                          -> ok 60
        credit c8 user:1 1                      -> limit_exceeded remaining=0
        at +6h-1us
        credit c9 user:1 1                      -> limit_exceeded remaining=0
        at +6h
        credit d1 user:1 100                    -> ok
        credit d2 user:1 1                      -> limit_exceeded remaining=0
        """);
  }

  @Test
  default void theCeilingCountsWithinABatch() {
    dailyCreditMax(100);
    tell(
        """
        batch
        credit c1 user:1 60                     -> ok
        credit c2 user:2 60                     -> limit_exceeded remaining=40
        credit c3 user:2 40                     -> ok
        credit c4 user:1 1                      -> limit_exceeded remaining=0
        end
        credit c5 user:1 1                      -> limit_exceeded remaining=0
        """);
  }

  @Test
  default void aRefusedCreditDoesNotCountTowardsTheCeiling() {
    dailyCreditMax(100);
    tell(
        """
        credit c1 user:1 1
        freeze user:1
        credit c2 user:1 99                     -> account_frozen
        thaw   user:1
        credit c3 user:1 100                    -> limit_exceeded remaining=99
        credit c4 user:1 99                     -> ok
        """);
  }
}
