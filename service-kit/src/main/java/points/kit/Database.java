package points.kit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service's own schema of a PostgreSQL database that was found fit to keep promises: a recent
 * primary that writes to disk what it says it has. Safe for use by many threads.
 */
public final class Database implements AutoCloseable {

  /** Where the database is; required. */
  public static final Setting<DatabaseUrl> URL =
      DatabaseUrl.setting(
          "database.url",
          "The PostgreSQL database, like postgresql://user:password@host:5432/name.");

  /** How many connections the pool has. */
  public static final Setting<Integer> CONNECTIONS =
      Setting.integer(
          "database.connections", 2, 1_000, 10, "How many connections to the database are kept.");

  /** What can be set about the database. */
  public static final List<Setting<?>> SETTINGS = List.of(URL, CONNECTIONS);

  private static final Logger log = LoggerFactory.getLogger(Database.class);
  private static final Duration CONNECT_TIME = Duration.ofSeconds(10);
  private static final Duration POOL_WAIT = Duration.ofSeconds(5);
  private static final String DEADLOCK = "40P01";
  private static final int ATTEMPTS_MAX = 5;
  private static final Duration SOCKET_TIME = Duration.ofMinutes(2);

  /**
   * What a service needs to know to open its database.
   *
   * @param url where it is
   * @param schema the service's own, made where it is missing; {@code [a-z][a-z0-9_]*}
   * @param migrations where its Flyway scripts are, like {@code classpath:db/points}
   * @param connectionsMax of the pool, at least 1
   */
  public record Config(DatabaseUrl url, String schema, String migrations, int connectionsMax) {

    public Config {
      if (!schema.matches("[a-z][a-z0-9_]{0,62}") || connectionsMax < 1) {
        throw new IllegalArgumentException("schema " + schema + ", pool " + connectionsMax);
      }
    }
  }

  private final Config config;
  private final Metrics metrics;
  private final HikariDataSource pool;
  private final List<HikariDataSource> furtherPools = new CopyOnWriteArrayList<>();

  private Database(Config config, Metrics metrics, HikariDataSource pool) {
    this.config = config;
    this.metrics = metrics;
    this.pool = pool;
  }

  /**
   * Checks the database, brings its schema up to date, and opens a pool of connections to it.
   *
   * @throws DatabaseUnusable if it is out of reach, would lose what it acknowledged, or was made by
   *     newer code; nothing was changed then
   */
  public static Database open(Config config, Metrics metrics) {
    Properties properties = properties(config);
    try (Connection connection = DriverManager.getConnection(config.url().jdbc(), properties)) {
      DurabilityCheck.require(connection, config.url());
    } catch (SQLException e) {
      throw new DatabaseUnusable(
          "The database at " + config.url() + " is out of reach: " + reason(e), e);
    }
    migrate(config, properties);
    return new Database(config, metrics, new HikariDataSource(pool(config, properties, metrics)));
  }

  /** What the server said, or what is the matter with the network; never the password. */
  private static String reason(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    String advice =
        switch (state) {
          case "28P01", "28000" -> " Check user and password.";
          case "3D000" -> " Create the database first.";
          case "53300" -> " Give the server more connections, or the services fewer.";
          default -> " Check that it runs and that the address is right.";
        };
    String said = String.valueOf(e.getMessage());
    return (said.endsWith(".") ? said : said + ".") + advice;
  }

  private static Properties properties(Config config) {
    Properties properties = config.url().properties();
    properties.putIfAbsent("currentSchema", config.schema());
    properties.putIfAbsent("ApplicationName", config.schema());
    properties.putIfAbsent("tcpKeepAlive", "true");
    // A batch in one piece: by default the server is woken for every 8 KB of it.
    properties.putIfAbsent("maxSendBufferSize", "65536");
    seconds(properties, "connectTimeout", CONNECT_TIME);
    seconds(properties, "loginTimeout", CONNECT_TIME);
    // Every wait has an end, also one for a server that was stopped and not killed.
    seconds(properties, "socketTimeout", SOCKET_TIME);
    return properties;
  }

  private static void seconds(Properties properties, String property, Duration time) {
    properties.putIfAbsent(property, Long.toString(time.toSeconds()));
  }

  private static HikariConfig pool(Config config, Properties properties, Metrics metrics) {
    HikariConfig pool = new HikariConfig();
    pool.setPoolName(config.schema());
    pool.setDataSource(connections(config, properties));
    pool.setMaximumPoolSize(config.connectionsMax());
    pool.setConnectionTimeout(POOL_WAIT.toMillis());
    pool.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(metrics.registry()));
    // The check before has shown that the server is there.
    pool.setInitializationFailTimeout(-1);
    return pool;
  }

  private static DataSource connections(Config config, Properties properties) {
    PatientDataSource connections = new PatientDataSource();
    connections.setUrl(config.url().jdbc());
    try {
      for (String name : properties.stringPropertyNames()) {
        connections.setProperty(name, properties.getProperty(name));
      }
    } catch (SQLException e) {
      throw new DatabaseUnusable("The address of the database is wrong: " + e.getMessage(), e);
    }
    return connections;
  }

  private static void migrate(Config config, Properties properties) {
    // Not through the pool: Flyway takes more connections at once than a small one has.
    Map<String, String> parameters = new HashMap<>();
    properties.forEach((name, value) -> parameters.put(name.toString(), value.toString()));
    try {
      Flyway flyway =
          Flyway.configure()
              .dataSource(
                  config.url().jdbc(),
                  properties.getProperty("user", ""),
                  properties.getProperty("password", ""))
              .jdbcProperties(parameters)
              .locations(config.migrations())
              .failOnMissingLocations(true)
              .schemas(config.schema())
              .defaultSchema(config.schema())
              .createSchemas(true)
              .cleanDisabled(true)
              // We say in our own words that the schema is newer.
              .ignoreMigrationPatterns("*:future")
              .load();
      requireNotNewer(config, flyway.info().all());
      int applied = flyway.migrate().migrationsExecuted;
      if (applied > 0) {
        log.info("schema {}: {} migrations applied", config.schema(), applied);
      }
    } catch (FlywayException e) {
      throw new DatabaseUnusable(
          "The schema "
              + config.schema()
              + " cannot be brought up to date: "
              + e.getMessage()
              + " Restore what was changed by hand, or restore a backup.",
          e);
    }
  }

  private static void requireNotNewer(Config config, MigrationInfo[] migrations) {
    List<String> newer = new ArrayList<>();
    for (MigrationInfo migration : migrations) {
      if (migration.getState() == MigrationState.FUTURE_SUCCESS
          || migration.getState() == MigrationState.FUTURE_FAILED) {
        newer.add(String.valueOf(migration.getVersion()));
      }
    }
    if (!newer.isEmpty()) {
      throw new DatabaseUnusable(
          "The schema "
              + config.schema()
              + " has version "
              + newer.getLast()
              + ", which this release does not know: run the newer release.");
    }
  }

  /** The pool. Connections see the service's own schema first, and commit by themselves. */
  public DataSource dataSource() {
    return pool;
  }

  /** Work inside a transaction. */
  @FunctionalInterface
  public interface Work<T extends @Nullable Object> {
    /** Does it; what it throws undoes it. */
    T in(Connection transaction) throws SQLException;
  }

  /**
   * Does work in a transaction of its own, READ COMMITTED; again where a deadlock undid it.
   *
   * @throws SQLException where the database failed; if that was while it committed, the work may
   *     have been done
   */
  public <T extends @Nullable Object> T inTransaction(Work<T> work) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try (Connection connection = pool.getConnection()) {
        connection.setAutoCommit(false);
        try {
          T result = work.in(connection);
          connection.commit();
          return result;
        } catch (SQLException | RuntimeException | Error e) {
          rollBack(connection, e);
          if (!DEADLOCK.equals(e instanceof SQLException sql ? sql.getSQLState() : null)
              || attempt == ATTEMPTS_MAX) {
            throw e;
          }
        }
      }
    }
  }

  private static void rollBack(Connection connection, Throwable because) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      because.addSuppressed(e);
    }
  }

  /**
   * Passes while the database answers and can be written to; for {@link Health}.
   *
   * @throws SQLException if not
   */
  public void ping() throws SQLException {
    try (var connection = pool.getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT pg_is_in_recovery()")) {
      row.next();
      if (row.getBoolean(1)) {
        throw new SQLException("the database is a standby, which cannot be written to");
      }
    }
  }

  /**
   * Opens a further pool of connections to the same database, for work that must not wait for other
   * work or needs other settings. It is closed with this.
   *
   * @param setUp SQL that is run on every new connection
   */
  public DataSource pool(String name, int connectionsMax, String setUp) {
    HikariConfig further = pool(config, properties(config), metrics);
    further.setPoolName(config.schema() + "-" + name);
    further.setMaximumPoolSize(connectionsMax);
    further.setConnectionInitSql(setUp);
    HikariDataSource opened = new HikariDataSource(further);
    furtherPools.add(opened);
    return opened;
  }

  @Override
  public void close() {
    furtherPools.forEach(HikariDataSource::close);
    pool.close();
  }
}
