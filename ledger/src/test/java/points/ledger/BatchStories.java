package points.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Many commands at once: each is decided on its own, in order. */
interface BatchStories extends StoryTeller {
  /** What comes before a poisoned batch. */
  String BEFORE =
      """
      credit p1 user:poison 100
      credit p2 user:cold 100
      debit  p3 user:poison 10
      hold   p4 user:poison 10
      hold   p5 user:poison 10
      release p6 $p5
      reverse p7 $p2 100
      fill   user:full 9_007_199_254_740_991
      credit p8 user:frozen 10
      freeze user:frozen
      """;

  /** One command of every error class. */
  List<String> POISONS =
      List.of(
          "debit  x user:poison 1000 -> insufficient_points available=80",
          "debit  x user:never 1 -> insufficient_points available=0",
          "capture x $p5 -> hold_not_active released 10/0/10",
          "capture x $p4 11 -> capture_exceeds_hold remaining=10",
          "refund x $p3 11 -> refund_exceeds_charge remaining=10",
          "reverse x $p2 -> already_reversed remaining=0",
          "reverse x $p1 101 -> limit_exceeded remaining=100",
          "debit  x user:frozen 1 -> account_frozen",
          "credit x user:full 1 -> balance_limit",
          "capture x $nothing -> hold_not_found",
          "refund x $nothing -> transaction_not_found",
          "reverse x $p3 -> transaction_not_found",
          "capture x $p4 source=voucher -> not_owner",
          "credit x user:poison 1 expires=-1s -> invalid expires_at",
          "debit p3 user:poison 11 -> conflict amount of=p3",
          "debit p3 user:poison 10 -> again",
          "expire_hold $p4 -> nothing_due");

  @Test
  default void oneBadCommandNeverHarmsItsNeighbours() {
    tell(BEFORE);
    int round = 0;
    for (String poison : POISONS) {
      for (int position : List.of(1, 50, 100)) {
        round++;
        StringBuilder script = new StringBuilder("batch\n");
        for (int i = 1; i <= 100; i++) {
          String neighbour = "credit n%d-%d user:n%d 1 -> ok".formatted(round, i, i % 7);
          String distinct = poison.replaceFirst(" x ", " x" + round + " ");
          script.append(i == position ? distinct : neighbour).append('\n');
        }
        tell(script.append("end\nbalance user:poison -> ok | 80 10 0 0\n").toString());
      }
    }
    long credited = 0;
    for (int i = 0; i < 7; i++) {
      credited += ledger().account(new AccountId("user:n" + i)).balance().available();
    }
    assertThat(credited).isEqualTo(99L * 3 * POISONS.size());
  }

  @Test
  default void laterCommandsSeeTheEffectOfEarlierOnes() {
    tell(
        """
        credit c0 user:2 100
        hold   h0 user:2 50
        debit  d0 user:2 10
        batch
        credit c1 user:1 100 expires=+1d        -> ok | 100 0 0 0
        credit c2 user:1 50 expires=+1h         -> ok | 150 0 0 0
        debit  d1 user:1 60                     -> ok | 90 0 0 0
        hold   h1 user:1 90                     -> ok | 0 90 0 0
        debit  d2 user:1 1                      -> insufficient_points available=0
        capture k1 $h0 20 final=false           -> ok | 40 30 0 0
        capture k2 $h0 31 final=false           -> capture_exceeds_hold remaining=30
        release r1 $h0                          -> ok 30 | 70 0 0 0
        capture k3 $h0 1                        -> hold_not_active released 50/20/30
        refund f1 $d0 6                         -> ok | 76 0 0 0
        refund f2 $d0 6                         -> refund_exceeds_charge remaining=4
        refund f3 $d0                           -> ok 4 | 80 0 0 0
        reverse v1 $c0 70                       -> ok | 10 0 0 0
        reverse v2 $c0 31                       -> limit_exceeded remaining=30
        reverse v3 $c0 policy=debt              -> ok 30 | 0 0 0 20
        reverse v4 $c0 policy=debt              -> already_reversed remaining=0
        credit c3 user:2 50                     -> ok | 30 0 0 0
        end
        lots   user:1                           -> c1 open 0, c2 open 0
        look   $h1                              -> active 90/0/0 c1:90
        """);
  }

  @Test
  default void aCreditThatIsPendingIsNotSpentInItsBatch() {
    tell(
        """
        batch
        credit c1 user:1 10 expires=+2d         -> ok | 10 0 0 0
        debit  d1 user:1 1                      -> ok | 9 0 0 0
        credit c2 user:1 10 available=+1h expires=+1d -> ok | 9 0 10 0
        debit  d2 user:1 9                      -> ok | 0 0 10 0
        debit  d3 user:1 1                      -> insufficient_points available=0
        end
        lots   user:1                           -> c1 open 0, c2 pending 10
        """);
  }

  @Test
  default void anEmptyBatchIsNothing() {
    assertThat(ledger().execute(List.of())).isEmpty();
  }

  @Test
  default void captureThenExpiryInOneBatch() {
    tell(
        """
        credit c1 user:1 10 expires=+1h
        hold   h1 user:1 10 ttl=7200
        at +90m
        batch
        capture k1 $h1 4 final=false            -> ok | 0 6 0 0
        release r1 $h1                          -> ok 6 | 6 0 0 0
        credit c2 user:1 5                      -> ok | 5 0 0 0
        refund f1 $h1                           -> transaction_not_found
        end
        history user:1 -> credit 10, hold 10, capture 4, release 6, expire_lot 6, credit 5
        """);
  }
}
