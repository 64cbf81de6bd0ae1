package points.bench.micro;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import points.connect.events.EventSchemas;
import points.connect.rules.Allowances;
import points.connect.rules.Decision;
import points.connect.rules.Event;
import points.connect.rules.Proposal;
import points.connect.rules.Reward;
import points.connect.rules.RuleBook;
import points.connect.rules.RuleReader;

/**
 * What Connect's rules cost, apart from reading and writing: an event is put before {@value #RULES}
 * active rules, and what they give is decided within their limits. The figures are per event.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RuleBenchmark {
  static final int RULES = 50;
  static final int FEW = 5;

  private static final String TYPE = "voucher.purchased";
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final long PRICE = 10_000;
  private static final Decision.Terms TERMS =
      new Decision.Terms(NOW, rule -> false, Set.of(Reward.POINTS));

  private static final Event PURCHASE =
      new Event(
          "voucher",
          "0192f0c1-7c00-7a01-8c11-000000000001",
          TYPE,
          NOW,
          Map.of(
              "purchase_id", "p-1",
              "voucher_id", "v-1",
              "user_id", "42",
              "partner_id", "acme",
              "pro_spacer_ids", List.of("s-1", "s-2", "s-3"),
              "points_paid", 2_500L,
              "price", PRICE));

  private final RuleReader reader = new RuleReader(EventSchemas.shipped().types());
  private final RuleBook few = book(FEW, RULES);
  private final RuleBook all = book(RULES, RULES);
  private final RuleBook spread = book(FEW, FEW);

  /**
   * Rules of which the first ones apply to the purchase.
   *
   * @param applying how many do
   * @param looking how many look at purchases at all
   */
  private RuleBook book(int applying, int looking) {
    List<RuleBook.Activation> activations = new ArrayList<>();
    for (int i = 0; i < RULES; i++) {
      String text = i < looking ? aboutPurchases(i, i < applying) : aboutQuests(i);
      activations.add(new RuleBook.Activation(i + 1, Instant.EPOCH, 1, reader.read(text)));
    }
    return new RuleBook(activations);
  }

  /** The last part of the condition decides, so that every part has to be evaluated. */
  private static String aboutPurchases(int number, boolean applies) {
    return """
    name: rule-%02d
    event: voucher.purchased
    when: event.points_paid <= event.price && event.partner_id != "other" && event.price >= %d
    rewards:
      - to: '"partner:" + event.partner_id'
        points: share(event.price, 1000)
        reason: voucher.partner_bonus
    limits:
      - {per: account, every: month, max_points: 5000000, exceeding: trim}
    """
        .formatted(number, applies ? PRICE : PRICE + 1);
  }

  private static String aboutQuests(int number) {
    return """
    name: rule-%02d
    event: quest.completed
    rewards:
      - to: '"user:" + event.user_id'
        points: 100
        reason: quest.completed
    """
        .formatted(number);
  }

  /** All rules look at the event, {@value #FEW} of them apply: what is usual. */
  @Benchmark
  public Decision fewRulesApply() {
    return decide(few);
  }

  /** All rules apply, each gives something: the worst that can come. */
  @Benchmark
  public Decision allRulesApply() {
    return decide(all);
  }

  /** Most rules are about events of another type. */
  @Benchmark
  public Decision mostRulesAreAboutOtherEvents() {
    return decide(spread);
  }

  private static Decision decide(RuleBook book) {
    return Decision.of(Proposal.of(PURCHASE, book), new Allowances(), TERMS);
  }
}
