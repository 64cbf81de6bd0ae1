package points.connect;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import points.connect.postgres.ConnectStand;

/** What stands in the database, as Prometheus sees it: read anew at most every ten seconds. */
final class StandMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(StandMetrics.class);
  private static final long KEEP_NANOS = 10_000_000_000L;
  private static final double UNKNOWN = Double.NaN;

  private final ConnectStand database;
  private ConnectStand.Stand stand =
      new ConnectStand.Stand(
          UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);
  private long readAtNanos = System.nanoTime() - KEEP_NANOS - 1;

  private StandMetrics(ConnectStand database) {
    this.database = database;
  }

  static void register(ConnectStand database, MeterRegistry registry) {
    StandMetrics metrics = new StandMetrics(database);
    metrics.gauge(
        registry,
        "connect.actions.pending",
        "RewardActions that are to be sent",
        ConnectStand.Stand::pending);
    metrics.gauge(
        registry,
        "connect.actions.oldest.seconds",
        "How long the oldest of them has been waiting",
        ConnectStand.Stand::oldestSeconds);
    metrics.gauge(
        registry,
        "connect.actions.dead",
        "RewardActions that were given up",
        ConnectStand.Stand::dead);
    metrics.gauge(
        registry,
        "connect.actions.refused",
        "RewardActions that were refused, except because their event was cancelled before it came",
        ConnectStand.Stand::refused);
    metrics.gauge(
        registry,
        "connect.actions.waiting",
        "RewardActions of other types than points that wait for their dispatchers",
        ConnectStand.Stand::others);
    metrics.gauge(
        registry,
        "connect.reversals.failed",
        "Credits that should have been taken back and were not, as Points refused it or gave up",
        ConnectStand.Stand::reversalsFailed);
    metrics.gauge(
        registry,
        "connect.reversals.pending",
        "Credits that are to be taken back",
        ConnectStand.Stand::reversals);
    metrics.gauge(
        registry,
        "connect.letters.open",
        "Dead letters that nobody has redriven",
        ConnectStand.Stand::letters);
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      String description,
      ToDoubleFunction<ConnectStand.Stand> value) {
    Gauge.builder(name, this, self -> value.applyAsDouble(self.now()))
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  private synchronized ConnectStand.Stand now() {
    if (System.nanoTime() - readAtNanos > KEEP_NANOS) {
      readAtNanos = System.nanoTime();
      try {
        stand = database.read();
      } catch (RuntimeException e) {
        LOG.warn("what stands cannot be read: {}", e.getMessage());
      }
    }
    return stand;
  }
}
