package points.service;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import points.ledger.Outcome;
import points.ledger.Verb;

/** What the lanes tell Prometheus. Thread-safe. */
final class LaneMetrics {
  private record Kind(Verb verb, String outcome) {}

  private final MeterRegistry registry;
  private final DistributionSummary batchSize;
  private final Timer commitTime;
  private final Map<Kind, Counter> operations = new ConcurrentHashMap<>();

  LaneMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.batchSize =
        DistributionSummary.builder("points.batch.size")
            .description("Operations decided and committed together")
            .serviceLevelObjectives(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
            .register(registry);
    this.commitTime =
        Timer.builder("points.batch.commit")
            .description("Time to read, decide, write and commit a batch")
            .publishPercentileHistogram()
            .register(registry);
  }

  void watchQueues(Lanes lanes) {
    Gauge.builder("points.lane.queue", lanes, Lanes::waiting)
        .description("Operations waiting in the lanes")
        .register(registry);
  }

  void executed(int operationCount, long nanos) {
    batchSize.record(operationCount);
    commitTime.record(nanos, TimeUnit.NANOSECONDS);
  }

  void decided(Verb verb, Outcome outcome) {
    operations.computeIfAbsent(new Kind(verb, nameOf(outcome)), this::counter).increment();
  }

  private Counter counter(Kind kind) {
    return Counter.builder("points.operations")
        .description("Operations by verb and outcome")
        .tag("verb", kind.verb().wire())
        .tag("outcome", kind.outcome())
        .register(registry);
  }

  private static String nameOf(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Posted posted -> "posted";
      case Outcome.Replayed replayed -> "replayed";
      case Outcome.Refused refused -> refused.refusal().code().wire();
      case Outcome.Conflicting conflicting -> "external_id_conflict";
      case Outcome.HoldNotFound notFound -> "hold_not_found";
      case Outcome.TransactionNotFound notFound -> "transaction_not_found";
      case Outcome.NotOwner notOwner -> "not_owner";
      case Outcome.Invalid invalid -> "invalid_request";
      case Outcome.NothingDue nothing -> "nothing_due";
    };
  }
}
