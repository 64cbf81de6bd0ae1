package points.kit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.util.function.ToDoubleFunction;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the outbox does, as Prometheus sees it; the table is looked at every ten seconds at most. */
final class OutboxMetrics {

  private static final Logger log = LoggerFactory.getLogger(OutboxMetrics.class);
  private static final long KEEP_NANOS = 10_000_000_000L;

  final Counter delivered;
  final Counter failed;
  final Counter parked;
  private final DataSource database;
  private OutboxTable.Stand stand = new OutboxTable.Stand(0, Double.NaN, 0);
  private long readAtNanos = System.nanoTime() - KEEP_NANOS - 1;

  OutboxMetrics(DataSource database, MeterRegistry registry) {
    this.database = database;
    delivered =
        Counter.builder("outbox.delivered")
            .description("Events that have arrived")
            .register(registry);
    failed =
        Counter.builder("outbox.failed")
            .description("Attempts to deliver that failed and are repeated")
            .register(registry);
    parked =
        Counter.builder("outbox.refused")
            .description("Events that the receiver will never take")
            .register(registry);
    gauge(registry, "outbox.waiting", "Events to deliver", OutboxTable.Stand::waiting);
    gauge(
        registry,
        "outbox.oldest.seconds",
        "The age of the oldest event to deliver",
        OutboxTable.Stand::ageSeconds);
    gauge(registry, "outbox.parked", "Events set aside as refused", OutboxTable.Stand::parked);
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      String description,
      ToDoubleFunction<OutboxTable.Stand> value) {
    Gauge.builder(name, this, self -> value.applyAsDouble(self.now()))
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  private synchronized OutboxTable.Stand now() {
    if (System.nanoTime() - readAtNanos > KEEP_NANOS) {
      readAtNanos = System.nanoTime();
      try (var connection = database.getConnection()) {
        stand = OutboxTable.stand(connection);
      } catch (SQLException e) {
        log.warn("the outbox cannot be looked at: {}", e.getMessage());
      }
    }
    return stand;
  }
}
