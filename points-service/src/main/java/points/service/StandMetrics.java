package points.service;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.ToDoubleFunction;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What stands in the database, as Prometheus sees it: read anew at most every ten seconds. */
final class StandMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(StandMetrics.class);
  private static final long KEEP_NANOS = 10_000_000_000L;
  private static final String READ =
      """
      WITH clock AS (SELECT clock_timestamp() + advance AS now FROM sandbox_clock)
      SELECT (SELECT count(*) FROM hold h, clock c
              WHERE h.status = 'active' AND h.expires_at <= c.now) AS holds_due,
             (SELECT count(*) FROM lot l, clock c
              WHERE l.status = 'open' AND l.remaining > 0 AND l.expires_at <= c.now) AS lots_due,
             (SELECT count(*) FROM lot l, clock c
              WHERE l.status = 'pending' AND l.remaining > 0 AND l.available_at <= c.now)
               AS activations_due,
             (SELECT count(*) FROM account WHERE frozen) AS frozen
      """;

  private record Stand(double holds, double lots, double activations, double frozen) {}

  private final DataSource database;
  private Stand stand = new Stand(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
  private long readAtNanos = System.nanoTime() - KEEP_NANOS - 1;

  StandMetrics(DataSource database) {
    this.database = database;
  }

  void register(MeterRegistry registry) {
    gauge(registry, "points.holds.due", "Holds whose time is up, not yet expired", Stand::holds);
    gauge(registry, "points.lots.due", "Lots whose time is up, not yet expired", Stand::lots);
    gauge(
        registry,
        "points.activations.due",
        "Credits whose time has come, not yet available",
        Stand::activations);
    gauge(registry, "points.accounts.frozen", "Frozen accounts", Stand::frozen);
  }

  private void gauge(
      MeterRegistry registry, String name, String description, ToDoubleFunction<Stand> value) {
    Gauge.builder(name, this, self -> value.applyAsDouble(self.now()))
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  private synchronized Stand now() {
    if (System.nanoTime() - readAtNanos > KEEP_NANOS) {
      readAtNanos = System.nanoTime();
      try {
        stand = read();
      } catch (SQLException e) {
        LOG.warn("the stand of the ledger cannot be read: {}", e.getMessage());
      }
    }
    return stand;
  }

  private Stand read() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(READ)) {
      row.next();
      return new Stand(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
    }
  }
}
