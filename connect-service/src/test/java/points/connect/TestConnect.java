package points.connect;

import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import points.kit.Settings;
import points.kit.TestPostgres;
import points.service.TestService;
import points.service.contract.ApiClient;
import points.service.contract.OpenApi;

/**
 * A real Connect on a database of its own, with the shipped rules unless told otherwise, that sends
 * to a real Points Service over HTTP.
 */
final class TestConnect implements AutoCloseable {
  static final Path RULES = Path.of("..", "rules");
  static final OpenApi API = OpenApi.of("contracts/openapi/connect.yaml");
  private static final Vertx VERTX = Vertx.vertx();

  private final TestService points;
  private final String databaseUrl;
  private final Map<String, String> keys = new HashMap<>();
  private ConnectService service;
  private final Map<String, String> settings;

  private TestConnect(TestService points, String databaseUrl, Map<String, String> settings) {
    this.points = points;
    this.databaseUrl = databaseUrl;
    this.settings = settings;
    this.service = launch();
  }

  /** Starts one that sends to this Points. */
  static TestConnect start(TestService points, Map<String, String> settings) {
    return start(points, TestPostgres.shared().newDatabase(), settings);
  }

  /** Starts one on this database. */
  static TestConnect start(TestService points, String databaseUrl, Map<String, String> settings) {
    return new TestConnect(points, databaseUrl, settings);
  }

  /** Starts one with the shipped rules that sends to the Points that tests share. */
  static TestConnect start() {
    return start(TestService.shared(), Map.of("rules.folder", RULES.toString()));
  }

  /** A second process, as it were, on the same database. */
  TestConnect another() {
    return another(settings);
  }

  /** The same with other settings. */
  TestConnect another(Map<String, String> others) {
    return new TestConnect(points, databaseUrl, others);
  }

  private ConnectService launch() {
    Settings.Builder builder = Settings.of(ConnectService.PREFIX, ConnectService.settings());
    builder
        .override("http.port", "0")
        .override("database.url", databaseUrl)
        .override("points.url", points.url().toString())
        .override("points.key", points.key("connect"));
    settings.forEach(builder::override);
    return ConnectService.start(builder.load(), VERTX);
  }

  /** Stops it and starts it again. */
  void restart() {
    service.close();
    service = launch();
  }

  /** A client of a source. */
  Web as(String source) {
    return new Web(URI.create(service.url()), key(source));
  }

  /** A client of a person, or whoever; every answer is held to the OpenAPI document. */
  ApiClient person(String source) {
    return stranger().as(key(source));
  }

  /** The same without credentials. */
  ApiClient stranger() {
    return ApiClient.at(URI.create(service.url()), API);
  }

  /** The API key of a source. */
  synchronized String key(String source) {
    return keys.computeIfAbsent(
        source,
        s -> {
          try {
            return service.keys().rotate(s).reveal();
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  Web anonymous() {
    return new Web(URI.create(service.url()), null);
  }

  String url() {
    return service.url();
  }

  TestService points() {
    return points;
  }

  String databaseUrl() {
    return databaseUrl;
  }

  /** What an account has at Points, and how much of it is debt taken off. */
  long balance(String account) {
    var balance = points.as("connect").get("/internal/accounts/" + account + "/balance");
    return balance.number("available") + balance.number("pending") - balance.number("debt");
  }

  /** The first column of the first row. */
  long number(String sql) {
    try (Connection connection = connect();
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The same as text. */
  String text(String sql) {
    try (Connection connection = connect();
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(
        databaseUrl.replaceFirst("^postgresql://postgres@", "jdbc:postgresql://")
            + "?user=postgres&currentSchema=connect");
  }

  /** Waits until nothing is left to send. */
  void awaitQuiet() {
    org.awaitility.Awaitility.await()
        .atMost(java.time.Duration.ofSeconds(30))
        .until(
            () ->
                number(
                        "SELECT (SELECT count(*) FROM reward_action WHERE state = 'pending' AND type = 'points')"
                            + " + (SELECT count(*) FROM reversal WHERE state = 'pending')")
                    == 0);
  }

  @Override
  public void close() {
    service.close();
  }
}
