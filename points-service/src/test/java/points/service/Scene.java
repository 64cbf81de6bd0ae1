package points.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import points.service.contract.Answer;
import points.service.contract.ApiClient;

/** An account that nobody else uses, and those who act on it. */
final class Scene {
  final TestService service;
  final String account = "user:scene-" + UUID.randomUUID();
  final ApiClient connect;
  final ApiClient quest;
  final ApiClient rielt;
  final ApiClient admin;

  Scene(TestService service) {
    this.service = service;
    this.connect = service.as("connect");
    this.quest = service.as("quest");
    this.rielt = service.as("rielt");
    this.admin = service.as("admin");
  }

  /** On the shared service. */
  static Scene fresh() {
    return new Scene(TestService.shared());
  }

  /** On the shared service, with that much to spend. */
  static Scene with(long available) {
    Scene scene = fresh();
    scene.credit(available);
    return scene;
  }

  /** An id that nobody used. */
  static String id() {
    return "x-" + UUID.randomUUID();
  }

  /** A body of these names and values, in this order. */
  static Map<String, Object> body(Object... pairs) {
    Map<String, Object> body = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      body.put((String) pairs[i], pairs[i + 1]);
    }
    return body;
  }

  /** The same body with a field set. */
  static Map<String, Object> with(Map<String, Object> body, String name, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(body);
    changed.put(name, value);
    return changed;
  }

  /** What credit, debit and hold need. */
  Map<String, Object> moving(long amount) {
    return body("account", account, "amount", amount, "external_id", id(), "reason", "scene");
  }

  static Map<String, Object> onHold(Answer hold) {
    return body("hold_id", hold.text("hold/hold_id"), "external_id", id());
  }

  static Map<String, Object> onTransaction(Answer transaction) {
    return body("transaction_id", transaction.text("transaction_id"), "external_id", id());
  }

  Answer credit(long amount) {
    return done(connect.post("/internal/credit", moving(amount)));
  }

  Answer debit(long amount) {
    return done(quest.post("/internal/debit", moving(amount)));
  }

  Answer hold(long amount) {
    return done(quest.post("/internal/hold", moving(amount)));
  }

  Answer capture(Answer hold) {
    return done(quest.post("/internal/capture", onHold(hold)));
  }

  Answer release(Answer hold) {
    return done(quest.post("/internal/release", onHold(hold)));
  }

  void freeze() {
    done(admin.post(path("freeze"), body("reason", "test")));
  }

  void unfreeze() {
    done(admin.post(path("unfreeze"), body("reason", "test")));
  }

  String path(String what) {
    return "/internal/accounts/" + account + "/" + what;
  }

  Answer read(String what) {
    return done(connect.get(path(what)));
  }

  JsonNode balance() {
    return read("balance").member("balance");
  }

  long available() {
    return balance().path("available").asLong();
  }

  long transactions() {
    return read("transactions?limit=200").member("transactions").size();
  }

  static Answer done(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isIn(200, 201);
    return answer;
  }

  static Answer refused(Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.code()).as(answer.text()).isEqualTo(code);
    return answer;
  }

  /** The second is the first once more: said to be a replay, and the same to the byte. */
  static void replayed(Answer first, Answer again) {
    assertThat(again.isReplay()).as(again.text()).isTrue();
    assertThat(again.status()).isEqualTo(first.status() == 201 ? 200 : first.status());
    assertThat(again.text()).isEqualTo(first.text());
  }
}
