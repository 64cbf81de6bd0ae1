package points.service.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import points.kit.Database;
import points.kit.DatabaseUrl;
import points.kit.Metrics;
import points.kit.TestPostgres;
import points.ledger.Ids;
import points.ledger.Limits;

/** Ledgers on fresh databases of a real PostgreSQL. */
final class TestLedgers {
  private TestLedgers() {}

  private static final AtomicInteger SERIAL = new AtomicInteger();
  private static @Nullable String template;

  /** A fresh database with the schema: a copy of one that was migrated once. */
  static Database newDatabase(Metrics metrics) {
    return open(newUrl(), metrics);
  }

  private static String newUrl() {
    String name = template() + "_" + SERIAL.incrementAndGet();
    try (Connection connection = TestPostgres.shared().connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name + " TEMPLATE " + template());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return TestPostgres.shared().url(name);
  }

  private static synchronized String template() {
    String made = template;
    if (made == null) {
      String url = TestPostgres.shared().newDatabase();
      try (Metrics metrics = new Metrics("template")) {
        open(url, metrics).close();
      }
      made = url.substring(url.lastIndexOf('/') + 1);
      template = made;
    }
    return made;
  }

  private static Database open(String url, Metrics metrics) {
    DatabaseUrl parsed = Objects.requireNonNull(DatabaseUrl.parse(url));
    return Database.open(new Database.Config(parsed, "points", "classpath:points/db", 4), metrics);
  }

  /** A ledger on a fresh database of its own, and what closes it. */
  record Opened(PostgresLedger ledger, AutoCloseable connections) {}

  /** Opens a ledger. */
  static Opened newLedger(InstantSource clock, Limits limits) {
    DatabaseUrl url = Objects.requireNonNull(DatabaseUrl.parse(newUrl()));
    HikariConfig config = new HikariConfig();
    config.setDataSource(url.dataSource("points"));
    config.setMaximumPoolSize(4);
    config.setMinimumIdle(0);
    config.setConnectionInitSql(LedgerConnections.SET_UP);
    HikariDataSource pool = new HikariDataSource(config);
    PostgresLedger ledger =
        new PostgresLedger(
            pool, pool, clock, new Ids(new SecureRandom()), limits, Duration.ofSeconds(5));
    return new Opened(ledger, pool);
  }
}
