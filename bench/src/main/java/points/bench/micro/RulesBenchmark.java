package points.bench.micro;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import points.connect.events.EventSchemas;
import points.connect.rules.Event;
import points.connect.rules.Proposal;
import points.connect.rules.RuleBook;
import points.connect.rules.RuleReader;

/**
 * What Connect's rules cost, apart from reading and writing: an event of a purchase against {@value
 * #RULES} active rules, all about that type of event. The figures are per event.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class RulesBenchmark {
  private static final int RULES = 50;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static final Event EVENT =
      new Event(
          "voucher",
          "e1",
          "voucher.purchased",
          NOW,
          Map.of(
              "purchase_id",
              "b1",
              "voucher_id",
              "v1",
              "user_id",
              "42",
              "partner_id",
              "7",
              "pro_spacer_ids",
              List.of("a", "b", "c"),
              "points_paid",
              100L,
              "price",
              1_010L));

  private final RuleBook few = book(5);
  private final RuleBook all = book(RULES);

  /** Rules of which the first ones apply. */
  private static RuleBook book(int matching) {
    RuleReader reader = new RuleReader(EventSchemas.shipped().types());
    List<RuleBook.Activation> activations = new ArrayList<>();
    for (int i = 0; i < RULES; i++) {
      String text =
          """
          name: rule-%d
          event: voucher.purchased
          when: event.price > %d && event.partner_id != "%d"
          rewards:
            - {to: '"partner:" + event.partner_id', points: 'share(event.price, 1000)', reason: a}
          limits:
            - {per: account, every: month, max_points: 5000, exceeding: trim}
          """
              .formatted(i, i < matching ? 100 : 100_000, 1_000 + i);
      activations.add(new RuleBook.Activation(i + 1, Instant.EPOCH, 1, reader.read(text)));
    }
    return new RuleBook(activations);
  }

  /** Five of them apply. */
  @Benchmark
  public Proposal fiveOfFiftyRulesApply() {
    return Proposal.of(EVENT, few);
  }

  /** Each of them applies. */
  @Benchmark
  public Proposal fiftyOfFiftyRulesApply() {
    return Proposal.of(EVENT, all);
  }
}
