package points.service;

import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import points.kit.ApiKeys;
import points.kit.Authenticator;
import points.kit.Database;
import points.kit.Health;
import points.kit.Http;
import points.kit.Logging;
import points.kit.Metrics;
import points.kit.Service;
import points.kit.Setting;
import points.kit.Settings;
import points.ledger.Ids;
import points.ledger.Limits;
import points.service.postgres.Freezing;
import points.service.postgres.LedgerConnections;
import points.service.postgres.PostgresLedger;
import points.service.postgres.Queries;
import points.service.postgres.Recent;
import points.service.postgres.Verifier;

/** The Points Service, running: the ledger behind its HTTP contract. Thread-safe. */
public final class PointsService implements Service {
  /** The schema that the service owns. */
  public static final String SCHEMA = "points";

  /** The prefix of the environment variables. */
  public static final String PREFIX = "POINTS";

  private static final Logger LOG = LoggerFactory.getLogger(PointsService.class);
  private static final Duration KEYS_REFRESH = Duration.ofSeconds(2);

  private final Deque<AutoCloseable> running;
  private final Http http;
  private final ApiKeys keys;

  private PointsService(Deque<AutoCloseable> running, Http http, ApiKeys keys) {
    this.running = running;
    this.http = http;
    this.keys = keys;
  }

  /** All that can be set. */
  public static List<Setting<?>> settings() {
    List<Setting<?>> all = new ArrayList<>();
    all.addAll(Http.SETTINGS);
    all.addAll(Database.SETTINGS);
    all.addAll(PointsSettings.ALL);
    all.addAll(Authenticator.SETTINGS);
    all.addAll(Logging.SETTINGS);
    return all;
  }

  /**
   * Starts the service; when this returns it serves.
   *
   * @param vertx may be shared with other services; it is not closed here
   * @throws points.kit.DatabaseUnusable if the database will not do; nothing was changed then
   */
  public static PointsService start(Settings settings, Vertx vertx) {
    Deque<AutoCloseable> running = new ArrayDeque<>();
    try {
      return start(settings, vertx, running);
    } catch (RuntimeException e) {
      closeAll(running);
      throw e;
    } catch (SQLException e) {
      closeAll(running);
      throw new IllegalStateException("the database failed while the service started: " + e, e);
    }
  }

  private static PointsService start(Settings settings, Vertx vertx, Deque<AutoCloseable> running)
      throws SQLException {
    Metrics metrics = opened(running, new Metrics(SCHEMA));
    Database database = opened(running, openDatabase(settings, metrics));
    ApiKeys keys = opened(running, ApiKeys.open(database.dataSource(), KEYS_REFRESH));
    DatabaseClock clock = new DatabaseClock(database.dataSource());
    warnOfMovedClock(clock, settings);
    int committers = committers(settings);
    PostgresLedger ledger =
        new PostgresLedger(
            database.pool("lanes", committers, LedgerConnections.SET_UP),
            database.dataSource(),
            clock,
            new Ids(new SecureRandom()),
            limits(settings),
            settings.get(PointsSettings.PATIENCE),
            new Recent(settings.get(PointsSettings.RECENT) << 20));
    Lanes lanes =
        opened(running, new Lanes(ledger, laneSize(settings, committers), metrics.registry()));
    DueWork due = opened(running, new DueWork(ledger, lanes, clock));
    Freezing freezing = new Freezing(database.dataSource());
    SelfCheck selfCheck =
        opened(
            running,
            new SelfCheck(
                new Verifier(database.dataSource()),
                freezing,
                Verifier.Pace.gentle(() -> lanes.waiting() > 0),
                settings.get(PointsSettings.SELF_CHECK),
                metrics.registry()));
    new StandMetrics(database.dataSource()).register(metrics.registry());
    Queries queries = new Queries(database.dataSource());
    Http.Builder builder = Http.of(vertx, settings);
    new Api(new Writes(lanes), new Reads(queries, clock), freezing, clock)
        .mount(builder, settings.get(PointsSettings.SANDBOX));
    Http http =
        builder.start(
            Authenticator.of(settings, keys),
            new Health().check("database", database::ping),
            metrics);
    running.push(http);
    due.start(settings.get(PointsSettings.DUE));
    selfCheck.start();
    return new PointsService(running, http, keys);
  }

  /** What a sandbox has moved stays moved: the ledger's time cannot go back. */
  private static void warnOfMovedClock(DatabaseClock clock, Settings settings) throws SQLException {
    Duration advanced = clock.advanced();
    if (!advanced.isZero() && !settings.get(PointsSettings.SANDBOX)) {
      LOG.warn(
          "the clock of this database was moved {} seconds ahead by a sandbox and stays there: it"
              + " is {} now; for the real time start on another database",
          advanced.toSeconds(),
          clock.instant());
    }
  }

  private static Database openDatabase(Settings settings, Metrics metrics) {
    Database.Config config =
        new Database.Config(
            settings.get(Database.URL),
            SCHEMA,
            "classpath:points/db",
            settings.get(Database.CONNECTIONS));
    return Database.open(config, metrics);
  }

  private static Limits limits(Settings settings) {
    long daily = settings.get(PointsSettings.DAILY_CREDIT);
    return daily == 0 ? Limits.NONE : new Limits(daily);
  }

  private static Lanes.Size laneSize(Settings settings, int committers) {
    return new Lanes.Size(
        committers,
        settings.get(PointsSettings.QUEUE),
        settings.get(PointsSettings.BATCH),
        settings.get(PointsSettings.WAIT),
        settings.get(PointsSettings.DELAY));
  }

  /** While one waits for its COMMIT, another decides. */
  private static int committers(Settings settings) {
    int set = settings.get(PointsSettings.COMMITTERS);
    return set > 0 ? set : Runtime.getRuntime().availableProcessors();
  }

  private static <T extends AutoCloseable> T opened(Deque<AutoCloseable> running, T part) {
    running.push(part);
    return part;
  }

  @Override
  public String url() {
    return http.url();
  }

  /** The port that it listens on. */
  public int port() {
    return http.port();
  }

  @Override
  public ApiKeys keys() {
    return keys;
  }

  @Override
  public void notReady() {
    http.notReady();
  }

  /**
   * Stops in order: no more requests, then what was accepted is done and answered, then the rest.
   */
  @Override
  public void close() {
    closeAll(running);
  }

  private static void closeAll(Deque<AutoCloseable> running) {
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception e) {
        LOG.warn("closing failed", e);
      }
    }
  }
}
