package points.purchases;

import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import points.client.Balance;
import points.client.Credit;
import points.client.Page;
import points.client.PointsClient;
import points.client.Transaction;
import points.kit.ApiKeys;
import points.kit.DatabaseUrl;
import points.kit.EventReceiver;
import points.kit.TestPostgres;
import points.service.TestService;

/** What a selling service has around it in tests: Points, users with points, a taker of events. */
public final class Surroundings implements AutoCloseable {
  private static final AtomicInteger serial = new AtomicInteger();

  private final String source;
  private final TestService points;
  private final PointsClient connect;
  private final PointsClient own;
  private final EventReceiver receiver = new EventReceiver();
  private final String database = TestPostgres.shared().newDatabase();

  /**
   * Those of a service.
   *
   * @param source as which it calls Points
   */
  public Surroundings(String source) {
    this(source, TestService.shared());
  }

  /** Those of a service with a Points Service of its own. */
  public Surroundings(String source, TestService points) {
    this.source = source;
    this.points = points;
    this.connect = client("connect");
    this.own = client(source);
  }

  private PointsClient client(String as) {
    return PointsClient.at(points.url()).apiKey(points.key(as)).build();
  }

  /** The settings of the service. */
  public Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("http.port", "0");
    settings.put("database.url", database);
    settings.put("points.url", points.url().toString());
    settings.put("points.key", points.key(source));
    settings.put("events.url", receiver.url().toString());
    settings.put("events.key", "pk_test");
    settings.put("recovery.interval", "200ms");
    settings.put("purchase.hold_check", "300ms");
    return settings;
  }

  /** Points, as the service calls it. */
  public PointsClient own() {
    return own;
  }

  /** A new key for a caller of the service, which must have been started before. */
  public String serviceKey(String caller) {
    DatabaseUrl url = Objects.requireNonNull(DatabaseUrl.parse(database));
    try (ApiKeys keys = ApiKeys.open(url.dataSource(source), Duration.ofHours(1))) {
      return keys.rotate(caller).reveal();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A new user who has so many points. */
  public String user(long amount) {
    String user = source + "-buyer-" + serial.incrementAndGet();
    connect
        .credit(Credit.of("user:" + user, amount, "start-" + user, "test.start"))
        .receiptOrThrow();
    return user;
  }

  /** What a user has in Points. */
  public Balance balance(String user) {
    return connect.balance("user:" + user).balance();
  }

  /** How many transactions a user has in Points, the start included; at most 200. */
  public int transactions(String user) {
    Page<Transaction> page = connect.transactions("user:" + user, Page.Request.first(200));
    return page.items().size();
  }

  /** The id of an order's purchase, looked up behind the service's back. */
  public String purchaseId(String requestId) {
    DatabaseUrl url = Objects.requireNonNull(DatabaseUrl.parse(database));
    try (var connection = url.dataSource(source).getConnection();
        var select = connection.prepareStatement("SELECT id FROM purchase WHERE request_id = ?")) {
      select.setString(1, requestId);
      try (var row = select.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where Points is. */
  public URI pointsUrl() {
    return points.url();
  }

  /** Points itself. */
  public TestService points() {
    return points;
  }

  /** Who takes the events. */
  public EventReceiver receiver() {
    return receiver;
  }

  /** An id that nobody else uses. */
  public static String requestId() {
    return "request-" + serial.incrementAndGet();
  }

  @Override
  public void close() {
    connect.close();
    own.close();
    receiver.close();
  }
}
