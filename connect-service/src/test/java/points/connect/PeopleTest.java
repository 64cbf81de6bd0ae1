package points.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import points.service.contract.Answer;
import points.service.contract.ApiClient;

/** What people see of events, RewardActions and dead letters, and what they can do about them. */
class PeopleTest {
  private static final TestConnect CONNECT = TestConnect.start();
  private static final ApiClient ADMIN = CONNECT.person("admin");
  private static final ApiClient APPROVER = CONNECT.person("approver");

  @AfterAll
  static void stop() {
    CONNECT.close();
  }

  private static String publish(String source, String event) {
    Web.Reply reply = CONNECT.as(source).publish(event);
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(202);
    return event;
  }

  /** Saves a rule and has somebody else put it into force from the beginning. */
  static void inForce(TestConnect connect, String name, String yaml) {
    Answer saved = connect.person("admin").send("PUT", "/rules/" + name, Map.of("yaml", yaml));
    assertThat(saved.status()).as(saved.text()).isLessThan(300);
    Answer active =
        connect
            .person("approver")
            .post(
                "/rules/" + name + "/revisions/" + saved.number("revision") + "/activate",
                Map.of("from", "2026-01-01T00:00:00Z"));
    assertThat(active.status()).as(active.text()).isEqualTo(201);
  }

  @Test
  void anEventTellsWhatCameOfItAndWhy() {
    String rule = Events.fresh("explained-");
    inForce(
        CONNECT,
        rule,
        """
        name: %s
        event: rielt.booking_paid
        when: event.amount_paid > 500 && event.points_paid == 77
        rewards:
          - {to: '"user:" + event.user_id', points: 30, reason: test.gift}
          - {to: '"user:" + event.user_id', points: 50, reason: test.more}
        limits:
          - {per: account, every: day, max_points: 40, exceeding: trim}
        """
            .formatted(rule));
    String user = Events.fresh("u");
    String cut = booking(user, 1_000, 77);
    String small = booking(user, 400, 77);
    CONNECT.awaitQuiet();

    Answer answer = ADMIN.get("/events/rielt/" + cut);
    assertThat(answer.text("status")).isEqualTo("processed");
    assertThat(answer.text("publisher")).isEqualTo("rielt");
    assertThat(answer.member("event/data/user_id").asText()).isEqualTo(user);
    JsonNode why = ruleOf(answer, rule);
    assertThat(why.path("outcome").asText()).isEqualTo("matched");
    assertThat(why.path("revision").asInt()).isEqualTo(1);
    assertThat(why.at("/wants/1/points").asInt()).isEqualTo(50);
    assertThat(why.at("/cuts/0/wanted").asInt()).isEqualTo(50);
    assertThat(why.at("/cuts/0/granted").asInt()).isEqualTo(10);
    assertThat(why.at("/cuts/0/limit").asText()).isEqualTo("40 points per account a day");
    assertThat(answer.member("reward_actions").findValuesAsText("status"))
        .contains("credited")
        .doesNotContain("pending");

    JsonNode not = ruleOf(APPROVER.get("/events/rielt/" + small), rule);
    assertThat(not.path("outcome").asText()).isEqualTo("not_matched");
    assertThat(not.path("failed_part").asText()).isEqualTo("event.amount_paid > 500");
    assertThat(not.path("values").toString()).isEqualTo("{\"amount_paid\":400}");
    assertThat(ADMIN.get("/events/rielt/no-such").code()).isEqualTo("not_found");
  }

  @Test
  void theExplanationIsThatOfItsTime() {
    String rule = Events.fresh("changed-");
    String yaml =
        """
        name: %s
        event: rielt.booking_paid
        when: event.points_paid == 78
        rewards: [{to: '"user:" + event.user_id', points: %d, reason: test.gift}]
        """;
    inForce(CONNECT, rule, yaml.formatted(rule, 5));
    String before = booking(Events.fresh("u"), 1, 78);
    inForce(CONNECT, rule, yaml.formatted(rule, 6));
    String after = booking(Events.fresh("u"), 1, 78);
    assertThat(ruleOf(ADMIN.get("/events/rielt/" + before), rule).at("/wants/0/points").asInt())
        .isEqualTo(5);
    assertThat(ruleOf(ADMIN.get("/events/rielt/" + after), rule).path("revision").asInt())
        .isEqualTo(2);
  }

  private static String booking(String user, int paid, int points) {
    String id = Events.fresh("e");
    publish("rielt", Events.bookingPaid(id, Events.fresh("b"), user, paid, points));
    return id;
  }

  static JsonNode ruleOf(Answer event, String rule) {
    for (JsonNode one : event.member("rules")) {
      if (one.path("rule").asText().equals(rule)) {
        return one;
      }
    }
    throw new AssertionError(rule + " is not in " + event.text());
  }

  @Test
  void actionsAreFoundByWhatIsKnownOfThem() {
    String user = Events.fresh("u");
    String event = Events.fresh("e");
    publish("quest", Events.questCompleted(event, user));
    for (int i = 0; i < 4; i++) {
      publish("quest", Events.questCompleted(Events.fresh("e"), user));
    }
    CONNECT.awaitQuiet();
    String account = "/reward-actions?account=user:" + user;
    assertThat(ADMIN.get(account).member("reward_actions")).hasSize(5);
    assertThat(ADMIN.get(account + "&status=credited&rule=quest-completed").text())
        .contains("\"points\":100");
    assertThat(ADMIN.get(account + "&status=dead").member("reward_actions")).isEmpty();
    Answer one = ADMIN.get(account + "&source=quest&event=" + event + "&type=points&limit=1");
    assertThat(one.member("reward_actions")).hasSize(1);
    assertThat(one.member("next_cursor").isNull()).isTrue();
    assertThat(ADMIN.get(account + "&event=" + event + "&type=points&limit=1").json())
        .as("of any source, among other conditions")
        .isEqualTo(one.json());
    assertThat(ADMIN.get("/reward-actions?event=" + event).json())
        .as("an id alone, whatever its source")
        .isEqualTo(one.json());
    assertThat(ADMIN.get("/reward-actions?event=" + "e".repeat(256)).member("reward_actions"))
        .isEmpty();
    JsonNode action = one.member("reward_actions/0");
    assertThat(ADMIN.get("/reward-actions/" + action.path("reward_action_id").asText()).json())
        .isEqualTo(action);

    Answer first = ADMIN.get(account + "&limit=3");
    Answer rest = ADMIN.get(account + "&limit=3&cursor=" + first.text("next_cursor"));
    assertThat(first.member("reward_actions")).hasSize(3);
    assertThat(rest.member("reward_actions")).hasSize(2);
    assertThat(rest.member("next_cursor").isNull()).isTrue();
    assertThat(first.text()).doesNotContain(event);
    assertThat(rest.text()).contains(event);
  }

  @Test
  void whatACancellationTakesBackIsToldOnBothSides() {
    String purchase = Events.fresh("b");
    String bought = Events.fresh("e");
    String refunded = Events.fresh("e");
    publish("voucher", Events.voucherPurchased(bought, purchase, Events.fresh("p"), "[\"s1\"]"));
    CONNECT.awaitQuiet();
    publish("voucher", Events.voucherRefunded(refunded, purchase));
    CONNECT.awaitQuiet();
    JsonNode taken = ADMIN.get("/events/voucher/" + refunded).member("takes_back");
    assertThat(taken).hasSize(2);
    assertThat(taken.at("/0/status").asText()).isEqualTo("reversed");
    assertThat(taken.at("/0/reversal/status").asText()).isEqualTo("done");
    assertThat(taken.at("/0/reversal/event/id").asText()).isEqualTo(refunded);
    assertThat(ADMIN.get("/events/voucher/" + bought).member("reward_actions")).isEqualTo(taken);
    String id = taken.at("/0/reward_action_id").asText();
    Answer retried = ADMIN.post("/reward-actions/" + id + "/retry", Map.of());
    assertThat(retried.status()).isEqualTo(409);
    assertThat(retried.code()).isEqualTo("not_retryable");
    assertThat(retried.text("reward_action_status")).isEqualTo("reversed");
  }

  @Test
  void aRefusedActionIsRetriedUnderANewExternalId() {
    String user = Events.fresh("u");
    String account = "/internal/accounts/user:" + user;
    publish("quest", Events.questCompleted(Events.fresh("e"), user));
    CONNECT.awaitQuiet();
    var points = CONNECT.points().as("admin");
    assertThat(points.post(account + "/freeze", Map.of("reason", "test")).status()).isEqualTo(200);
    publish("quest", Events.questCompleted(Events.fresh("e"), user));
    CONNECT.awaitQuiet();
    JsonNode refused =
        ADMIN.get("/reward-actions?status=refused&account=user:" + user).member("reward_actions/0");
    assertThat(refused.path("code").asText()).isEqualTo("account_frozen");
    points.post(account + "/unfreeze", Map.of("reason", "test"));
    String id = refused.path("reward_action_id").asText();
    Answer pending = APPROVER.post("/reward-actions/" + id + "/retry", Map.of());
    assertThat(pending.status()).as(pending.text()).isEqualTo(200);
    CONNECT.awaitQuiet();
    Answer credited = ADMIN.get("/reward-actions/" + id);
    assertThat(credited.text("status")).isEqualTo("credited");
    assertThat(credited.text("external_id")).isEqualTo(id + ".1");
    assertThat(CONNECT.balance("user:" + user)).isEqualTo(200);
    assertThat(ADMIN.post("/reward-actions/" + id + "/retry", Map.of()).status()).isEqualTo(409);
  }

  @Test
  void aRefusedReversalIsRetried() {
    inForce(
        CONNECT,
        "a-strict-cancellation",
        """
        name: a-strict-cancellation
        event: rielt.booking_cancelled
        reverses:
          event: rielt.booking_paid
          key: event.booking_id
          matches: event.booking_id
          policy: reject
          reason: test.cancelled
        """);
    String user = Events.fresh("u");
    String event = booking(user, 1_000, 0);
    CONNECT.awaitQuiet();
    move("rielt", "debit", user, 10);
    String booking = ADMIN.get("/events/rielt/" + event).member("event/data/booking_id").asText();
    publish(
        "rielt",
        Events.event(
            "rielt.booking_cancelled", Events.fresh("e"), "{\"booking_id\":\"" + booking + "\"}"));
    CONNECT.awaitQuiet();
    JsonNode refused = ADMIN.get("/reward-actions?account=user:" + user).member("reward_actions/0");
    assertThat(refused.path("status").asText()).isEqualTo("credited");
    assertThat(refused.at("/reversal/status").asText()).isEqualTo("refused");
    assertThat(refused.at("/reversal/code").asText()).isEqualTo("insufficient_points");
    assertThat(refused.at("/reversal/settled_at").asText()).isNotEmpty();
    assertThat(refused.at("/reversal/attempts").isNumber()).isTrue();
    Answer failed = ADMIN.get("/reward-actions?reversal_status=refused&limit=200");
    assertThat(failed.member("reward_actions").findValuesAsText("account"))
        .contains("user:" + user);

    move("connect", "credit", user, 10);
    String id = refused.path("reward_action_id").asText();
    Answer retried = ADMIN.post("/reward-actions/" + id + "/retry", Map.of());
    assertThat(retried.status()).as(retried.text()).isEqualTo(200);
    CONNECT.awaitQuiet();
    Answer reversed = ADMIN.get("/reward-actions/" + id);
    assertThat(reversed.text("status")).isEqualTo("reversed");
    assertThat(reversed.member("reversal/points").asInt()).isEqualTo(50);
    assertThat(reversed.member("settled_at"))
        .as("when it was credited, not when it was taken back")
        .isEqualTo(refused.path("settled_at"));
    assertThat(CONNECT.balance("user:" + user)).isZero();
  }

  @Test
  void withinBalanceTakesBackWhatIsThere() {
    inForce(
        CONNECT,
        "a-lenient-gift",
        """
        name: a-lenient-gift
        event: referral.joined_level1
        when: event.referrer_id == "lenient"
        rewards: [{to: '"user:" + event.user_id', points: 40, reason: test.gift}]
        """);
    inForce(
        CONNECT,
        "a-lenient-cancellation",
        """
        name: a-lenient-cancellation
        event: referral.joined_level2
        when: event.referrer_id == "lenient"
        reverses:
          event: referral.joined_level1
          key: event.user_id
          matches: event.user_id
          rules: [a-lenient-gift]
          policy: within_balance
          reason: test.cancelled
        """);
    String user = Events.fresh("u");
    String joined = "{\"user_id\":\"" + user + "\",\"referrer_id\":\"lenient\"";
    publish("referral", Events.event("referral.joined_level1", Events.fresh("e"), joined + "}"));
    CONNECT.awaitQuiet();
    long before = CONNECT.balance("user:" + user);
    move("voucher", "debit", user, (int) before - 15);
    publish(
        "referral",
        Events.event(
            "referral.joined_level2", Events.fresh("e"), joined + ",\"via_user_id\":\"v\"}"));
    CONNECT.awaitQuiet();
    JsonNode action =
        ADMIN
            .get("/reward-actions?rule=a-lenient-gift&account=user:" + user)
            .member("reward_actions/0");
    assertThat(action.path("status").asText()).isEqualTo("reversed");
    assertThat(action.at("/reversal/policy").asText()).isEqualTo("within_balance");
    assertThat(action.at("/reversal/points").asInt()).isEqualTo(15);
    assertThat(CONNECT.balance("user:" + user)).isZero();
  }

  @Test
  void whatCameBeforeWhatItCancelsIsToldOnBothSides() {
    String booking = Events.fresh("b");
    String cancelled = Events.fresh("e");
    String paid = Events.fresh("e");
    publish("rielt", Events.bookingCancelled(cancelled, booking));
    publish("rielt", Events.bookingPaid(paid, booking, Events.fresh("u"), 1_000, 0));
    JsonNode tombstone = ADMIN.get("/events/rielt/" + paid).member("reward_actions/0");
    assertThat(tombstone.path("code").asText()).isEqualTo("cancelled");
    assertThat(tombstone.at("/reversal/status").asText()).isEqualTo("void");
    assertThat(tombstone.at("/reversal/event/id").asText()).isEqualTo(cancelled);
    assertThat(ADMIN.get("/events/rielt/" + cancelled).member("takes_back/0")).isEqualTo(tombstone);
    String id = tombstone.path("reward_action_id").asText();
    assertThat(ADMIN.post("/reward-actions/" + id + "/retry", Map.of()).text("detail"))
        .contains("its event was cancelled");
  }

  private static void move(String source, String verb, String user, int amount) {
    Map<String, Object> body =
        Map.of(
            "account",
            "user:" + user,
            "amount",
            amount,
            "external_id",
            Events.fresh("x"),
            "reason",
            "test");
    assertThat(CONNECT.points().as(source).post("/internal/" + verb, body).status()).isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET  | /reward-actions?status=paid          | status
          GET  | /reward-actions?limit=201            | limit
          GET  | /reward-actions?cursor=1             | cursor
          GET  | /reward-actions?user=1               | user
          GET  | /reward-actions/1                    | id
          GET  | /dead-letters?status=closed          | status
          GET  | /dead-letters?cursor=-1              | cursor
          GET  | /dead-letters/x                      | id
          GET  | /dead-letters/1?body=1               | body
          POST | /dead-letters/redrive?all=1          | all
          GET  | /events/quest/1?why=1                | why
          GET  | /rules/A                             | name
          GET  | /rules?cursor=1                      | cursor
          GET  | /rules/a/revisions/0                 | n
          """)
  void strangeParametersAreRefused(String method, String path, String field) {
    Answer answer = ADMIN.send(method, path, method.equals("GET") ? null : Map.of());
    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(answer.member("errors/0/field").asText()).isEqualTo(field);
  }

  @Test
  void whatIsNotThereIsNotFound() {
    UUID none = UUID.randomUUID();
    assertThat(ADMIN.get("/reward-actions/" + none).code()).isEqualTo("not_found");
    assertThat(ADMIN.post("/reward-actions/" + none + "/retry", Map.of()).code())
        .isEqualTo("not_found");
    assertThat(ADMIN.get("/dead-letters/999999999").code()).isEqualTo("not_found");
    assertThat(ADMIN.post("/dead-letters/999999999/redrive", Map.of()).code())
        .isEqualTo("not_found");
    assertThat(ADMIN.get("/events/quest/%00").code()).isEqualTo("invalid_request");
    assertThat(ADMIN.post("/dead-letters/redrive", Map.of("all", true)).status()).isEqualTo(400);
  }
}
