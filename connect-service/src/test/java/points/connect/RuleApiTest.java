package points.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import points.service.contract.Answer;
import points.service.contract.ApiClient;

/** How rules are written, refused, put into force by another person, and tried before that. */
class RuleApiTest {
  private static final TestConnect CONNECT = TestConnect.start();
  private static final ApiClient ADMIN = CONNECT.person("admin");
  private static final ApiClient APPROVER = CONNECT.person("approver");

  private static final String GIFT =
      """
      name: %s
      event: quest.completed
      when: event.quest_id == "%s"
      rewards: [{to: '"user:" + event.user_id', points: %d, reason: test.gift}]
      """;

  @AfterAll
  static void stop() {
    CONNECT.close();
  }

  private static Answer save(ApiClient who, String name, String yaml) {
    return who.send("PUT", "/rules/" + name, Map.of("yaml", yaml));
  }

  private static Answer activate(ApiClient who, String name, int revision) {
    return who.post("/rules/" + name + "/revisions/" + revision + "/activate", Map.of());
  }

  @Test
  void aRuleIsSavedByOneAndActivatedByAnother() {
    String name = Events.fresh("gift-");
    String yaml = GIFT.formatted(name, "none", 7);
    assertThat(ADMIN.get("/rules/" + name).code()).isEqualTo("not_found");
    Answer saved = save(ADMIN, name, yaml);
    assertThat(saved.status()).isEqualTo(201);
    assertThat(saved.text("author")).isEqualTo("admin");
    assertThat(save(APPROVER, name, yaml).status()).as("the very text").isEqualTo(200);

    JsonNode draft = head(name);
    assertThat(draft.has("revision_in_force")).isFalse();
    assertThat(draft.path("event").asText()).isEqualTo("quest.completed");

    Answer own = activate(ADMIN, name, 1);
    assertThat(own.status()).isEqualTo(403);
    assertThat(own.code()).isEqualTo("four_eyes");
    assertThat(ADMIN.get("/rules/" + name).json().has("revision_in_force")).isFalse();
    assertThat(activate(APPROVER, name, 1).text("activated_by")).isEqualTo("approver");
    assertThat(activate(APPROVER, name, 2).code()).isEqualTo("not_found");

    assertThat(save(APPROVER, name, GIFT.formatted(name, "none", 8)).number("revision"))
        .isEqualTo(2);
    assertThat(activate(APPROVER, name, 2).code()).isEqualTo("four_eyes");
    Answer rule = ADMIN.get("/rules/" + name);
    assertThat(rule.number("newest_revision")).isEqualTo(2);
    assertThat(rule.number("revision_in_force")).isEqualTo(1);
    assertThat(rule.member("activations")).hasSize(1);
    assertThat(ADMIN.get("/rules/" + name + "/revisions/1").text("yaml")).isEqualTo(yaml);
    assertThat(ADMIN.get("/rules/" + name + "/revisions/3").code()).isEqualTo("not_found");
    assertThat(ADMIN.get("/rules").text()).contains(name).contains("voucher-refunded");
  }

  private static JsonNode head(String name) {
    for (JsonNode rule : ADMIN.get("/rules").member("rules")) {
      if (rule.path("name").asText().equals(name)) {
        return rule;
      }
    }
    throw new AssertionError(name + " is not in the list");
  }

  @Test
  void whatIsSimulatedHasTimesAsTheyAreKept() {
    String draft =
        GIFT.formatted("draft", "q9", 7).replace("reason: test.gift", "reason: x, expires_in: 5m");
    Answer gives =
        simulate(event("quest.completed", "{\"quest_id\":\"q9\",\"user_id\":\"1\"}"), draft);
    assertThat(gives.member("gives/0/expires_at").asText()).matches(".{19}([.][0-9]{3,6})?Z");
  }

  @Test
  void aRuleCanBeSentAsTheFileThatItIs() {
    String name = Events.fresh("file-");
    String yaml = GIFT.formatted(name, "none", 7);
    Map<String, String> asYaml = Map.of("Content-Type", "application/yaml; charset=utf-8");
    Web admin = CONNECT.as("admin");
    Web.Reply saved = admin.send("PUT", "/rules/" + name, asYaml, yaml);
    assertThat(saved.status()).as(saved.body().toString()).isEqualTo(201);
    assertThat(saved.body().path("yaml").asText()).isEqualTo(yaml);
    assertThat(admin.send("PUT", "/rules/" + name, asYaml, "").code()).isEqualTo("invalid_request");
    Map<String, String> asText = Map.of("Content-Type", "text/plain");
    assertThat(admin.send("PUT", "/rules/" + name, asText, yaml).status()).isEqualTo(415);
  }

  @Test
  void aRevisionComesIntoForceWhenItIsTold() {
    String name = Events.fresh("later-");
    save(ADMIN, name, GIFT.formatted(name, name, 7));
    Answer later =
        APPROVER.post(
            "/rules/" + name + "/revisions/1/activate", Map.of("from", "2099-01-01T00:00:00Z"));
    assertThat(later.text("from")).isEqualTo("2099-01-01T00:00:00Z");
    assertThat(ADMIN.get("/rules/" + name).json().has("revision_in_force")).isFalse();
  }

  @Test
  void wrongRulesAreRefusedWithTheirPlace() {
    Answer field = save(ADMIN, "wrong", GIFT.formatted("wrong", "q", 7).replace("quest_id", "qid"));
    assertThat(field.status()).isEqualTo(422);
    assertThat(field.code()).isEqualTo("rule_refused");
    assertThat(field.member("mistakes/0/field").asText()).isEqualTo("when");
    assertThat(field.member("mistakes/0/line").asInt()).isEqualTo(3);
    assertThat(save(ADMIN, "wrong", "name: [").code()).isEqualTo("rule_refused");
    assertThat(save(ADMIN, "wrong", "").code()).isEqualTo("invalid_request");
    assertThat(save(ADMIN, "wrong", GIFT.formatted("other", "q", 7)).code())
        .isEqualTo("invalid_request");
    assertThat(save(ADMIN, "WRONG", GIFT.formatted("other", "q", 7)).code())
        .isEqualTo("invalid_request");
    assertThat(ADMIN.send("PUT", "/rules/wrong", Map.of("yaml", "a", "b", 1)).code())
        .isEqualTo("invalid_request");
    assertThat(ADMIN.post("/rules/quest-completed/revisions/1/activate", Map.of("from", 1)).code())
        .isEqualTo("invalid_request");
    assertThat(ADMIN.get("/rules/wrong").code()).isEqualTo("not_found");
  }

  @Test
  void aDraftIsSimulated() {
    String name = Events.fresh("draft-");
    String draft =
        GIFT.formatted(name, "q9", 7)
            + "limits: [{per: account, every: day, max_points: 5, exceeding: trim}]";
    Answer gives =
        simulate(event("quest.completed", "{\"quest_id\":\"q9\",\"user_id\":\"1\"}"), draft);
    assertThat(gives.text("outcome")).isEqualTo("matched");
    assertThat(gives.member("gives/0/points").asInt()).isEqualTo(5);
    assertThat(gives.member("wants/0/points").asInt()).isEqualTo(7);
    assertThat(gives.member("cuts/0/limit").asText()).isEqualTo("5 points per account a day");

    Answer not =
        simulate(event("quest.completed", "{\"quest_id\":\"q1\",\"user_id\":\"1\"}"), draft);
    assertThat(not.text("outcome")).isEqualTo("not_matched");
    assertThat(not.member("values/quest_id").asText()).isEqualTo("q1");
    assertThat(simulate(event("quest.completed", "{}"), draft).text("outcome")).isEqualTo("unfit");
    assertThat(
            simulate(event("voucher.refunded", "{\"purchase_id\":\"1\"}"), draft).text("outcome"))
        .isEqualTo("other_type");
    assertThat(simulate(event("voucher.refunded", "{}"), draft).text("outcome"))
        .as("also where it would not even fit")
        .isEqualTo("other_type");
    assertThat(CONNECT.number("SELECT count(*) FROM event WHERE id = 'simulated'")).isZero();
    assertThat(CONNECT.number("SELECT count(*) FROM allowance WHERE rule = '" + name + "'"))
        .isZero();
  }

  @Test
  void aSimulationCountsWhatLimitsHaveSeen() {
    String name = Events.fresh("used-");
    String yaml =
        GIFT.formatted(name, name, 7) + "limits: [{per: account, every: ever, max_count: 1}]";
    PeopleTest.inForce(CONNECT, name, yaml);
    String user = Events.fresh("u");
    String data = "{\"quest_id\":\"%s\",\"user_id\":\"%s\"}".formatted(name, user);
    assertThat(simulate(event("quest.completed", data), yaml).member("gives")).hasSize(1);
    CONNECT.as("quest").publish(Events.event("quest.completed", Events.fresh("e"), data));
    Answer second = simulate(event("quest.completed", data), yaml);
    assertThat(second.member("gives")).isEmpty();
    assertThat(second.member("cuts/0/granted").asInt()).isZero();
  }

  @Test
  void aCancellingDraftTellsItsKey() {
    String draft =
        """
        name: taking-back
        event: voucher.refunded
        reverses:
          event: voucher.purchased
          key: event.purchase_id
          matches: event.purchase_id
          reason: test.refunded
        """;
    Answer answer = simulate(event("voucher.refunded", "{\"purchase_id\":\"p77\"}"), draft);
    assertThat(answer.text("takes_back_key")).isEqualTo("p77");
  }

  @Test
  void wrongSimulationsAreRefused() {
    assertThat(ADMIN.post("/rules/simulate", Map.of("rule", "x")).member("errors/0/field").asText())
        .isEqualTo("event");
    assertThat(simulate(Map.of("id", "x"), GIFT.formatted("a", "b", 1)).code())
        .isEqualTo("invalid_request");
    assertThat(simulate(event("quest.completed", "{}"), "nonsense").code())
        .isEqualTo("rule_refused");
  }

  private static Answer simulate(Map<String, Object> event, String draft) {
    return ADMIN.post("/rules/simulate", Map.of("event", event, "rule", draft));
  }

  private static Map<String, Object> event(String type, String data) {
    try {
      return Map.of(
          "specversion", "1.0",
          "source", "test",
          "id", "simulated",
          "type", type,
          "time", "2026-11-22T18:00:00Z",
          "data", Web.JSON.readTree(data));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aDraftIsTriedOnThePast() {
    String name = Events.fresh("tried-");
    PeopleTest.inForce(CONNECT, name, GIFT.formatted(name, name, 10));
    for (int i = 0; i < 1_203; i += 401) {
      List<String> batch = new ArrayList<>();
      for (int j = 0; j < 401; j++) {
        String user = j == 0 ? name + "-often" : name + "-" + (i + j);
        String data = "{\"quest_id\":\"%s\",\"user_id\":\"%s\"}".formatted(name, user);
        batch.add(
            Events.event(
                "quest.completed",
                Events.fresh("e"),
                "2026-03-0" + (1 + j % 9) + "T00:00:00Z",
                data));
      }
      assertThat(CONNECT.as("quest").publish(Events.batch(batch)).status()).isEqualTo(202);
    }
    String draft =
        GIFT.formatted(name, name, 25)
            + "limits: [{per: account, every: ever, max_points: 28, exceeding: trim}]\nbudget: 100000\n";
    Answer begun = backtest(ADMIN, draft, "2026-03-01T00:00:00Z", "2026-03-10T00:00:00Z");
    assertThat(begun.status()).as(begun.text()).isEqualTo(202);
    assertThat(begun.number("events_all")).isEqualTo(1_203);
    Answer done = awaitEnd(begun.text("backtest_id"));
    assertThat(done.text("status")).as(done.text()).isEqualTo("done");
    JsonNode result = done.member("result");
    assertThat(result.at("/matched").asInt()).isEqualTo(1_203);
    assertThat(result.at("/points/given").asInt()).isEqualTo(12_030);
    assertThat(result.at("/points/draft").asInt()).isEqualTo(1_200 * 25 + 28);
    assertThat(result.at("/cut_points").asInt()).isEqualTo(75 - 28);
    assertThat(result.at("/budget/left").asInt()).isEqualTo(100_000 - 30_028);
    assertThat(result.at("/accounts/gaining").asInt()).isEqualTo(1_200);
    assertThat(result.at("/accounts/losing").asInt()).isEqualTo(1);
    assertThat(result.at("/losses/0/account").asText()).isEqualTo("user:" + name + "-often");
    assertThat(result.at("/losses/0/difference").asInt()).isEqualTo(-2);
    assertThat(result.at("/gains")).hasSize(100);
  }

  @Test
  void aBacktestCountsTheEventsOnWhichTheDraftFails() {
    String type = "rielt.booking_paid";
    for (String data :
        new String[] {
          "{\"booking_id\":\"1\",\"user_id\":\"1\",\"amount_paid\":3,\"points_paid\":0}",
          "{\"booking_id\":\"1\",\"user_id\":\"1\",\"amount_paid\":30,\"points_paid\":0}",
          "{\"booking_id\":7}"
        }) {
      String event = Events.event(type, Events.fresh("e"), "2025-03-01T00:00:00Z", data);
      assertThat(CONNECT.as("rielt").publish(event).status()).isEqualTo(202);
    }
    String draft =
        """
        name: failing
        event: rielt.booking_paid
        rewards: [{to: '"user:" + event.user_id', points: event.amount_paid - 10, reason: test.x}]
        """;
    Answer begun = backtest(ADMIN, draft, "2025-03-01T00:00:00Z", "2025-03-02T00:00:00Z");
    JsonNode result = awaitEnd(begun.text("backtest_id")).member("result");
    assertThat(result.path("events").asInt()).isEqualTo(3);
    assertThat(result.path("matched").asInt()).isEqualTo(1);
    assertThat(result.path("failed").asInt()).isEqualTo(1);
    assertThat(result.path("unfit").asInt()).isEqualTo(1);
    assertThat(result.at("/gains/0/draft").asInt()).isEqualTo(20);
  }

  @Test
  void wrongBacktestsAreRefused() {
    String draft = GIFT.formatted("a", "b", 1);
    String later = "2026-03-02T00:00:00Z";
    assertThat(backtest(ADMIN, draft, later, later).code()).isEqualTo("invalid_request");
    assertThat(backtest(ADMIN, "x", "2026-03-01T00:00:00Z", later).code())
        .isEqualTo("rule_refused");
    assertThat(ADMIN.post("/rules/backtest", Map.of("rule", draft)).status()).isEqualTo(400);
    assertThat(ADMIN.get("/rules/backtests/x").status()).isEqualTo(400);
    assertThat(ADMIN.get("/rules/backtests/" + UUID.randomUUID()).status()).isEqualTo(404);
    assertThat(ADMIN.get("/rules/backtest").status()).isEqualTo(405);
  }

  @Test
  void aBacktestWhoseProcessIsGoneHasFailed() throws Exception {
    Answer begun =
        backtest(
            APPROVER, GIFT.formatted("a", "b", 1), "1990-01-01T00:00:00Z", "1990-01-02T00:00:00Z");
    String id = begun.text("backtest_id");
    awaitEnd(id);
    try (var connection = CONNECT.connect();
        var statement = connection.createStatement()) {
      statement.execute(
          "UPDATE backtest SET state = 'running', result = NULL,"
              + " updated_at = now() - interval '5 min' WHERE backtest_id = '"
              + id
              + "'");
    }
    Answer gone = ADMIN.get("/rules/backtests/" + id);
    assertThat(gone.text("status")).isEqualTo("failed");
    assertThat(gone.text("why")).isEqualTo("the process that ran it is gone");
  }

  private static Answer backtest(ApiClient who, String draft, String from, String until) {
    return who.post("/rules/backtest", Map.of("rule", draft, "from", from, "until", until));
  }

  private static Answer awaitEnd(String backtest) {
    return Awaitility.await()
        .until(
            () -> ADMIN.get("/rules/backtests/" + backtest),
            answer -> !answer.text("status").equals("running"));
  }
}
