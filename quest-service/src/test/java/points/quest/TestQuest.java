package points.quest;

import io.vertx.core.Vertx;
import java.net.URI;
import java.sql.SQLException;
import java.util.Map;
import points.kit.Settings;
import points.purchases.Surroundings;
import points.service.contract.Answer;
import points.service.contract.ApiClient;
import points.service.contract.OpenApi;

/** A real Quest Service; every answer is held to its OpenAPI document. */
final class TestQuest implements AutoCloseable {
  private static final Vertx VERTX = Vertx.vertx();
  private static final OpenApi API = OpenApi.of("contracts/openapi/quest.yaml");

  final QuestService service;
  final ApiClient app;
  final ApiClient admin;

  TestQuest(Surroundings around) {
    this(around, Map.of());
  }

  TestQuest(Surroundings around, Map<String, String> settings) {
    Settings.Builder builder = Settings.of(QuestService.PREFIX, QuestService.settings());
    around.settings().forEach(builder::override);
    settings.forEach(builder::override);
    service = QuestService.start(builder.load(), VERTX);
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

  /** Offers a quest and returns its id. */
  String quest(long price, String payment) {
    return quest(admin, price, payment);
  }

  static String quest(ApiClient admin, long price, String payment) {
    Answer answer =
        admin.post(
            "/quests", Map.of("title", "The lost cat", "price_points", price, "payment", payment));
    return answer.text("quest_id");
  }

  Answer buy(String quest, String user, String requestId) {
    return buy(app, quest, user, requestId);
  }

  static Answer buy(ApiClient app, String quest, String user, String requestId) {
    return app.post(
        "/quests/" + quest + "/purchases", Map.of("user_id", user, "request_id", requestId));
  }

  Answer act(String purchase, String action) {
    return app.post("/purchases/" + purchase + "/" + action, Map.of());
  }

  Answer purchase(String id) {
    return app.get("/purchases/" + id);
  }

  @Override
  public void close() {
    service.close();
  }
}
