package points.referral;

import io.vertx.core.Vertx;
import java.net.URI;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import points.kit.EventReceiver;
import points.kit.Settings;
import points.service.contract.Answer;
import points.service.contract.ApiClient;
import points.service.contract.OpenApi;

/** A real Referral Service; every answer is held to its OpenAPI document. */
final class TestReferral implements AutoCloseable {
  private static final Vertx VERTX = Vertx.vertx();
  private static final OpenApi API = OpenApi.of("contracts/openapi/referral.yaml");
  private static final AtomicInteger serial = new AtomicInteger();

  final ReferralService service;
  final ApiClient app;

  TestReferral(String database, EventReceiver receiver) {
    this(database, receiver.url());
  }

  /** One whose events go there. */
  TestReferral(String database, URI events) {
    Settings.Builder builder = Settings.of(ReferralService.PREFIX, ReferralService.settings());
    builder.override("http.port", "0");
    builder.override("database.url", database);
    builder.override("events.url", events.toString());
    builder.override("events.key", "pk_test");
    service = ReferralService.start(builder.load(), VERTX);
    try {
      app = client().as(service.keys().rotate("app").reveal());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  ApiClient client() {
    return ApiClient.at(URI.create(service.url()), API);
  }

  /** A name that nobody else has. */
  static String name() {
    return "member-" + serial.incrementAndGet();
  }

  Answer join(String user) {
    return app.post("/members", Map.of("user_id", user));
  }

  Answer join(String user, String code) {
    return app.post("/members", Map.of("user_id", user, "invited_by_code", code));
  }

  /** Joins below a member and returns the new name. */
  String below(String inviter) {
    String user = name();
    Answer joined = join(user, member(inviter).text("code"));
    if (joined.status() != 201) {
      throw new IllegalStateException(joined.text());
    }
    return user;
  }

  Answer member(String user) {
    return app.get("/members/" + user);
  }

  Answer upgrade(String user, String to) {
    return app.post("/members/" + user + "/upgrade", Map.of("to", to));
  }

  @Override
  public void close() {
    service.close();
  }
}
