package points.connect;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import points.client.PointsClient;
import points.client.RetryPolicy;
import points.connect.events.CloudEvents;
import points.connect.events.EventSchemas;
import points.connect.postgres.ActionQueue;
import points.connect.postgres.ConnectStand;
import points.connect.postgres.Deciding;
import points.connect.postgres.EventQueries;
import points.connect.postgres.Intake;
import points.connect.postgres.LostEvents;
import points.connect.postgres.RuleStore;
import points.connect.postgres.Transactions;
import points.connect.rules.Reward;
import points.connect.rules.RuleReader;
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

/** The Connect Service, running. Thread-safe. */
public final class ConnectService implements Service {
  /** The schema that the service owns. */
  public static final String SCHEMA = "connect";

  /** The prefix of the environment variables. */
  public static final String PREFIX = "CONNECT";

  private static final int PORT = 8081;
  private static final Duration KEYS_REFRESH = Duration.ofSeconds(2);
  static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private final Deque<AutoCloseable> running;
  private final Http http;
  private final ApiKeys keys;

  private ConnectService(Deque<AutoCloseable> running, Http http, ApiKeys keys) {
    this.running = running;
    this.http = http;
    this.keys = keys;
  }

  /** All that can be set. */
  public static List<Setting<?>> settings() {
    List<Setting<?>> all = new ArrayList<>();
    all.addAll(Http.settings(PORT));
    all.addAll(Database.SETTINGS);
    all.addAll(ConnectSettings.ALL);
    all.addAll(ConnectSettings.authentication());
    all.addAll(Logging.SETTINGS);
    return all;
  }

  /**
   * Starts the service; when this returns it serves. Points need not be there yet.
   *
   * @param vertx may be shared with other services; it is not closed here
   * @throws points.kit.DatabaseUnusable if the database will not do; nothing was changed then
   * @throws points.kit.SettingsException if a setting is missing, or a rule of the folder is wrong
   */
  public static ConnectService start(Settings settings, Vertx vertx) {
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

  private static ConnectService start(Settings settings, Vertx vertx, Deque<AutoCloseable> running)
      throws SQLException {
    Metrics metrics = opened(running, new Metrics(SCHEMA));
    PointsClient points = opened(running, client(settings));
    Database database = opened(running, openDatabase(settings, metrics));
    ApiKeys keys = opened(running, ApiKeys.open(database.dataSource(), KEYS_REFRESH));
    Duration patience = settings.get(ConnectSettings.PATIENCE);
    Transactions plain = new Transactions(database.dataSource(), patience);
    EventSchemas schemas = EventSchemas.shipped();
    RuleReader reader = new RuleReader(schemas.types());
    InstantSource clock = InstantSource.system();
    CloudEvents events = new CloudEvents(schemas, clock);
    RuleStore rules =
        new RuleStore(plain, reader, (body, time) -> EventApi.again(events, body, time).facts());
    rules.catchUp();
    String folder = settings.find(ConnectSettings.RULES_FOLDER);
    if (folder != null) {
      RulesFolder.load(Path.of(folder), reader, rules);
    }
    Dispatcher dispatcher = opened(running, dispatcher(settings, database, points, metrics));
    Set<String> rewardTypes = rewardTypes(settings);
    Deciding deciding = new Deciding(rewardTypes, clock);
    Intake intake = new Intake(lanePool(settings, database), rules, deciding);
    IntakeLanes lanes =
        opened(
            running,
            new IntakeLanes(intake, laneSize(settings), dispatcher::wake, metrics.registry()));
    new WarmUp(schemas, intake, points).run();
    Http.Builder builder = Http.of(vertx, settings);
    new Publishing(events, Publishers.of(settings), lanes).mount(builder);
    PeopleApi people =
        new PeopleApi(
            plain,
            rules,
            reader,
            events,
            deciding,
            rewardTypes,
            clock,
            points,
            settings.get(ConnectSettings.POINTS_SOURCE),
            dispatcher::wake);
    running.push(people.mount(builder));
    StandMetrics.register(new ConnectStand(plain), metrics.registry());
    RuleMetrics.register(rules, new EventQueries(plain), metrics.registry());
    Http http =
        builder.start(
            Authenticator.of(settings, keys),
            new Health().check("database", database::ping),
            metrics);
    running.push(http);
    dispatcher.start();
    if (settings.find(ConnectSettings.KAFKA_BOOTSTRAP) != null) {
      TopicIntake topicIntake = new TopicIntake(lanes, new LostEvents(plain));
      opened(running, Topics.read(settings, events, topicIntake, metrics.registry()));
    }
    return new ConnectService(running, http, keys);
  }

  private static PointsClient client(Settings settings) {
    Duration deadline = settings.get(ConnectSettings.DEADLINE);
    return PointsClient.at(settings.get(ConnectSettings.POINTS_URL))
        .apiKey(settings.get(ConnectSettings.POINTS_KEY).reveal())
        .deadline(deadline)
        .attemptTimeout(deadline)
        .retries(new RetryPolicy(Duration.ofMillis(50), Duration.ofSeconds(1)))
        .build();
  }

  private static Database openDatabase(Settings settings, Metrics metrics) {
    Database.Config config =
        new Database.Config(
            settings.get(Database.URL),
            SCHEMA,
            "classpath:points/connect/db",
            settings.get(Database.CONNECTIONS));
    return Database.open(config, metrics);
  }

  private static Transactions lanePool(Settings settings, Database database) {
    int lanes = settings.get(ConnectSettings.LANES);
    return new Transactions(
        database.pool("intake", lanes, Transactions.SET_UP),
        settings.get(ConnectSettings.PATIENCE));
  }

  private static Dispatcher dispatcher(
      Settings settings, Database database, PointsClient points, Metrics metrics) {
    int senders = settings.get(ConnectSettings.SENDERS);
    Transactions transactions =
        new Transactions(
            database.pool("dispatch", senders + 1, Transactions.SET_UP),
            settings.get(ConnectSettings.PATIENCE));
    Backoff backoff = new Backoff(FIRST_PAUSE, settings.get(ConnectSettings.BACKOFF_MAX));
    return new Dispatcher(
        new ActionQueue(transactions),
        new Sending(points, backoff),
        new Dispatcher.Size(
            senders, settings.get(ConnectSettings.SENDING), settings.get(ConnectSettings.POLL)),
        backoff,
        metrics.registry());
  }

  private static Set<String> rewardTypes(Settings settings) {
    Set<String> types = new TreeSet<>(settings.get(ConnectSettings.REWARD_TYPES));
    types.add(Reward.POINTS);
    return types;
  }

  private static IntakeLanes.Size laneSize(Settings settings) {
    return new IntakeLanes.Size(
        settings.get(ConnectSettings.LANES),
        settings.get(ConnectSettings.QUEUE),
        settings.get(ConnectSettings.BATCH));
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
   * Stops in order: no more requests, then what was accepted is on disk, then what is on its way to
   * Points is settled. What was not sent yet is sent after the next start.
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
        org.slf4j.LoggerFactory.getLogger(ConnectService.class).warn("closing failed", e);
      }
    }
  }
}
