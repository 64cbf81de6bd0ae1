package points.service.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
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
  private static final List<String> TABLES =
      List.of(
          "transaction",
          "operation",
          "refusal",
          "hold",
          "lot",
          "account",
          "credit_day",
          "freezing");

  /** Room for all outcomes of a test. */
  static final int RECENT_BYTES = 1 << 20;

  private static @Nullable String template;
  private static @Nullable HikariDataSource reused;

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
  record Opened(PostgresLedger ledger, HikariDataSource connections) {}

  /** Opens a ledger on a database of its own; it keeps no outcomes at hand. */
  static Opened newLedger(InstantSource clock, Limits limits) {
    HikariDataSource pool = pool(newUrl());
    return new Opened(ledger(pool, LedgerClock.of(clock), limits), pool);
  }

  /**
   * A ledger on the database of the one before, which is emptied: much quicker than a new one. Only
   * one at a time.
   */
  static PostgresLedger emptiedLedger(InstantSource clock, Limits limits, int recentBytes) {
    HikariDataSource pool = emptied();
    return ledger(pool, LedgerClock.of(clock), limits, recentBytes);
  }

  private static synchronized HikariDataSource emptied() {
    HikariDataSource pool = reused;
    if (pool == null) {
      pool = pool(newUrl());
      reused = pool;
    }
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      // Without the triggers that keep everybody from doing this.
      statement.execute("SET session_replication_role = replica");
      for (String table : TABLES) {
        statement.execute("DELETE FROM " + table);
      }
      statement.execute("RESET session_replication_role");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return pool;
  }

  private static HikariDataSource pool(String database) {
    DatabaseUrl url = Objects.requireNonNull(DatabaseUrl.parse(database));
    HikariConfig config = new HikariConfig();
    config.setDataSource(url.dataSource("points"));
    config.setMaximumPoolSize(4);
    config.setMinimumIdle(0);
    config.setConnectionInitSql(LedgerConnections.SET_UP);
    return new HikariDataSource(config);
  }

  /** One more ledger on the same database, as of another process. */
  static PostgresLedger ledger(HikariDataSource pool, LedgerClock clock, Limits limits) {
    return ledger(pool, clock, limits, 0);
  }

  /** One that keeps so much of the latest outcomes at hand, however slow the test is. */
  static PostgresLedger ledger(
      HikariDataSource pool, LedgerClock clock, Limits limits, int recentBytes) {
    return ledger(pool, clock, limits, recentBytes, Duration.ofMinutes(10));
  }

  /** One that tells them for so long after a batch. */
  static PostgresLedger ledger(
      HikariDataSource pool, LedgerClock clock, Limits limits, int recentBytes, Duration trust) {
    return new PostgresLedger(
        pool,
        pool,
        clock,
        new Ids(new SecureRandom()),
        limits,
        Duration.ofSeconds(5),
        new Recent(recentBytes, trust));
  }
}
