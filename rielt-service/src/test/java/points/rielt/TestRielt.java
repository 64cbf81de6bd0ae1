package points.rielt;

import io.vertx.core.Vertx;
import java.net.URI;
import java.sql.SQLException;
import java.util.Map;
import points.kit.Settings;
import points.purchases.Surroundings;
import points.service.contract.Answer;
import points.service.contract.ApiClient;
import points.service.contract.OpenApi;

/** A real Rielt Service; every answer is held to its OpenAPI document. */
final class TestRielt implements AutoCloseable {
  private static final Vertx VERTX = Vertx.vertx();
  private static final OpenApi API = OpenApi.of("contracts/openapi/rielt.yaml");

  final RieltService service;
  final ApiClient app;
  final ApiClient admin;

  TestRielt(Surroundings around) {
    this(around, Map.of());
  }

  TestRielt(Surroundings around, Map<String, String> settings) {
    Settings.Builder builder = Settings.of(RieltService.PREFIX, RieltService.settings());
    around.settings().forEach(builder::override);
    settings.forEach(builder::override);
    service = RieltService.start(builder.load(), VERTX);
    try {
      app = client().as(service.keys().rotate("app").reveal());
      admin = client().as(service.keys().rotate("admin").reveal());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  ApiClient client() {
    return ApiClient.at(URI.create(service.url()), API);
  }

  /** Offers a place and returns its id. */
  String listing(long nightPoints) {
    return listing(admin, nightPoints);
  }

  static String listing(ApiClient admin, long nightPoints) {
    Answer answer =
        admin.post(
            "/listings",
            Map.of("title", "By the river", "host_id", "9", "night_points", nightPoints));
    return answer.text("listing_id");
  }

  Answer book(String listing, String user, String from, String to, String requestId) {
    return book(app, listing, user, from, to, requestId);
  }

  static Answer book(
      ApiClient app, String listing, String user, String from, String to, String requestId) {
    return app.post(
        "/bookings",
        Map.of(
            "listing_id",
            listing,
            "user_id",
            user,
            "from",
            from,
            "to",
            to,
            "request_id",
            requestId));
  }

  Answer book(String listing, String user, String from, String to, long points) {
    return app.post(
        "/bookings",
        Map.of(
            "listing_id",
            listing,
            "user_id",
            user,
            "from",
            from,
            "to",
            to,
            "points",
            points,
            "request_id",
            Surroundings.requestId()));
  }

  Answer act(String booking, String action) {
    return app.post("/bookings/" + booking + "/" + action, Map.of());
  }

  Answer purchase(String id) {
    return app.get("/bookings/" + id);
  }

  @Override
  public void close() {
    service.close();
  }
}
