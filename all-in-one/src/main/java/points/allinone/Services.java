package points.allinone;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import points.kit.Authenticator;
import points.kit.Database;
import points.kit.Http;
import points.kit.Service;
import points.kit.Settings;
import points.kit.SettingsException;
import points.service.PointsService;

/**
 * Points Service and those that live around it, in one process and on one database, each with its
 * own schema, port and settings, as if it were alone.
 */
final class Services implements AutoCloseable {
  /** Of each of the small ones to the database; what they wait for is Points. */
  private static final int CONNECTIONS = 4;

  private final Settings settings;
  private final Credentials credentials;
  private final Vertx vertx;
  private final ConcurrentLinkedDeque<Service> running = new ConcurrentLinkedDeque<>();
  private final Map<String, String> urls = new LinkedHashMap<>();

  private Services(Settings settings, Credentials credentials, Vertx vertx) {
    this.settings = settings;
    this.credentials = credentials;
    this.vertx = vertx;
  }

  /**
   * Starts all of them; when this returns they serve.
   *
   * @param settings of Points Service; the others take its database and count from its port, unless
   *     their own variables in the environment say otherwise
   * @param credentials get the keys that are missing
   * @throws points.kit.SettingsException if a setting of one of them is wrong
   * @throws points.kit.DatabaseUnusable if the database will not do
   */
  static Services start(Settings settings, Credentials credentials, Vertx vertx)
      throws IOException, SQLException, InterruptedException {
    Services services = new Services(settings, credentials, vertx);
    try {
      services.start();
      return services;
    } catch (IOException | SQLException | InterruptedException | RuntimeException e) {
      services.close();
      throw e;
    }
  }

  private void start() throws IOException, SQLException, InterruptedException {
    Service points = PointsService.start(settings, vertx);
    running.push(points);
    credentials.register(
        points.keys(), settings.get(Authenticator.POLICY).permissionsBySource().keySet());
    urls.put("Points Service", points.url());
    Map<String, String> known = new HashMap<>(Map.of("points.url", points.url()));
    rules().ifPresent(folder -> known.put("rules.folder", folder));
    Service connect = start(Part.CONNECT, known);
    urls.put(Part.CONNECT.title(), connect.url());
    known.put("events.url", connect.url());
    Map<Part, Future<Service>> starting = new LinkedHashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Part part : Part.TELLING) {
        starting.put(part, threads.submit(() -> start(part, known)));
      }
    }
    for (Map.Entry<Part, Future<Service>> part : starting.entrySet()) {
      String title = part.getKey().title();
      urls.put(title, started(part.getValue()).url());
    }
  }

  /**
   * The launcher tells where the rules are; whoever starts without it names a folder or has none.
   */
  private static Optional<String> rules() {
    return Optional.ofNullable(System.getProperty("points.rules"));
  }

  /**
   * Reads and checks the settings of all services without starting any.
   *
   * @param settings of Points Service
   * @return by the services' titles, with placeholders for what is known only once they run
   * @throws points.kit.SettingsException if one is wrong
   */
  static Map<String, Settings> settings(Settings settings) {
    Map<String, Settings> all = new LinkedHashMap<>();
    all.put("Points Service", settings);
    String later = "http://127.0.0.1:1";
    Map<String, String> known = new HashMap<>(Map.of("points.url", later, "events.url", later));
    rules().ifPresent(folder -> known.put("rules.folder", folder));
    List<Part> parts = new ArrayList<>(List.of(Part.CONNECT));
    parts.addAll(Part.TELLING);
    for (Part part : parts) {
      all.put(part.title(), settings(settings, part, "later", known));
    }
    return all;
  }

  private static Settings settings(
      Settings points, Part part, String key, Map<String, String> known) {
    int port = points.get(Http.PORT);
    Map<String, String> suggested = new HashMap<>(known);
    suggested.put(Database.CONNECTIONS.key(), Integer.toString(CONNECTIONS));
    suggested.put(Http.PORT.key(), Integer.toString(port == 0 ? 0 : port + part.portsOn()));
    suggested.put("points.key", key);
    suggested.put("events.key", key);
    Settings.Builder own =
        Settings.of(part.prefix(), part.settings())
            .environment(System.getenv())
            .inherit(points, Database.URL);
    suggested.forEach((name, value) -> own.suggest(name, value, "./points run"));
    try {
      return own.load();
    } catch (SettingsException wrong) {
      throw new SettingsException(part.title() + ": " + wrong.getMessage());
    }
  }

  private Service start(Part part, Map<String, String> known) throws SQLException {
    Settings own = settings(settings, part, credentials.key(part.source()), known);
    Service service = part.start().apply(own, vertx);
    running.push(service);
    credentials.accept(service.keys());
    return service;
  }

  private static Service started(Future<Service> starting)
      throws IOException, SQLException, InterruptedException {
    try {
      return starting.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failed -> throw failed;
        case SQLException failed -> throw failed;
        case null, default -> throw new IOException(e.getCause());
      }
    }
  }

  /** The addresses by the services' titles, in the order of their ports. */
  Map<String, String> urls() {
    return urls;
  }

  /** Lets nobody send them new work: they close one after the other, and serve until then. */
  void notReady() {
    running.forEach(Service::notReady);
  }

  /** Stops them, Points last. */
  @Override
  public void close() {
    notReady();
    for (Service service : List.copyOf(running)) {
      service.close();
      running.remove(service);
    }
  }
}
