package points.connect;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import points.connect.postgres.EventQueries;
import points.connect.postgres.RuleStore;

/** What is odd about rules, as Prometheus sees it. */
final class RuleMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(RuleMetrics.class);

  private RuleMetrics() {}

  static void register(RuleStore rules, EventQueries events, MeterRegistry registry) {
    gauge(
        registry,
        "connect.rules.unreadable",
        "Revisions that were in force and that this release cannot read",
        unused -> rules.unreadable().size());
    gauge(
        registry,
        "connect.cancellations.waiting",
        "Cancelling events that have found nothing to take back so far",
        unused -> waiting(events));
  }

  private static double waiting(EventQueries events) {
    try {
      return events.waiting();
    } catch (RuntimeException e) {
      LOG.warn("waiting cancellations cannot be counted: {}", e.getMessage());
      return Double.NaN;
    }
  }

  private static void gauge(
      MeterRegistry registry, String name, String description, ToDoubleFunction<String> value) {
    Gauge.builder(name, name, value)
        .description(description)
        .strongReference(true)
        .register(registry);
  }
}
