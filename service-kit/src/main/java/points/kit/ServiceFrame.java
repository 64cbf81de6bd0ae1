package points.kit;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * What the small services are built in: a schema of their own (with {@code api_key} and {@code
 * outbox}), metrics, API keys, events out, HTTP with health and the contract at {@code
 * /openapi.yaml}. For one thread until it serves, then safe for use by many.
 */
public final class ServiceFrame implements AutoCloseable {

  private static final Duration KEYS_REFRESH = Duration.ofSeconds(2);

  private final String name;
  private final Settings settings;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final Metrics metrics;
  private final Database database;
  private final ApiKeys keys;
  private final Outbox outbox;
  private @Nullable Http http;

  private ServiceFrame(String name, Settings settings) throws SQLException {
    this.name = name;
    this.settings = settings;
    try {
      this.metrics = with(new Metrics(name));
      this.database = with(openDatabase());
      this.keys = with(ApiKeys.open(database.dataSource(), KEYS_REFRESH));
      this.outbox = with(Outbox.start(database, name, settings, metrics));
    } catch (RuntimeException | SQLException e) {
      close();
      throw e;
    }
  }

  /**
   * What can be set about every service in such a frame.
   *
   * @param port where it listens unless told otherwise
   * @param policy which source may do what unless told otherwise
   */
  public static List<Setting<?>> settings(int port, String policy) {
    List<Setting<?>> all = new ArrayList<>();
    all.addAll(Http.settings(port));
    all.addAll(Database.SETTINGS);
    all.addAll(Authenticator.settings(policy));
    all.addAll(Outbox.SETTINGS);
    all.addAll(Logging.SETTINGS);
    return all;
  }

  /**
   * Opens the database, brings it up to date, and begins to deliver events.
   *
   * @param name of the service, its schema and the source of its events; its migrations are in
   *     {@code points/<name>/db}, its contract is {@code contracts/openapi/<name>.yaml}
   * @throws DatabaseUnusable if the database will not do
   */
  public static ServiceFrame open(String name, Settings settings) {
    try {
      return new ServiceFrame(name, settings);
    } catch (SQLException e) {
      throw new IllegalStateException("the database failed while the service started: " + e, e);
    }
  }

  private Database openDatabase() {
    return Database.open(
        new Database.Config(
            settings.get(Database.URL),
            name,
            "classpath:points/" + name + "/db",
            settings.get(Database.CONNECTIONS)),
        metrics);
  }

  /** Closes a part with this, before all that was there earlier. */
  public <T extends AutoCloseable> T with(T part) {
    running.push(part);
    return part;
  }

  /** Begins to serve; when this returns it does. */
  public void serve(Vertx vertx, Consumer<Http.Builder> routes) {
    Http.Builder builder = Http.of(vertx, settings);
    routes.accept(builder);
    byte[] contract = read("/contracts/openapi/" + name + ".yaml");
    CompletionStage<Answer> answer =
        CompletableFuture.completedStage(
            new Answer(200, "application/yaml", Buffer.buffer(contract), List.of()));
    builder.hot("GET", "/openapi.yaml", Permission.ANYONE, call -> answer);
    http =
        with(
            builder.start(
                Authenticator.of(settings, keys),
                new Health().check("database", database::ping),
                metrics));
  }

  private static byte[] read(String resource) {
    try (InputStream in = ServiceFrame.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("not on the class path: " + resource);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The service's schema. */
  public Database database() {
    return database;
  }

  /** The service's meters. */
  public Metrics metrics() {
    return metrics;
  }

  /** The API keys of the callers. */
  public ApiKeys keys() {
    return keys;
  }

  /** The events of the service. */
  public Outbox outbox() {
    return outbox;
  }

  /** The address, for people, once it serves. */
  public String url() {
    return serving().url();
  }

  /** The port that it listens on, once it serves. */
  public int port() {
    return serving().port();
  }

  private Http serving() {
    Http started = http;
    if (started == null) {
      throw new IllegalStateException(name + " does not serve yet");
    }
    return started;
  }

  /** Says from now on that it is not ready, and serves on. */
  public void notReady() {
    Http started = http;
    if (started != null) {
      started.notReady();
    }
  }

  /** Stops in order: no more requests, then what works in the background, then the database. */
  @Override
  public void close() {
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception e) {
        LoggerFactory.getLogger(ServiceFrame.class).warn("closing failed", e);
      }
    }
  }
}
