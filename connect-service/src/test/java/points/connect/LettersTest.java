package points.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import points.service.contract.Answer;
import points.service.contract.ApiClient;

/** What becomes of events that cannot be applied, and what people can do about them. */
class LettersTest {
  private static final TestConnect CONNECT = TestConnect.start();
  private static final ApiClient ADMIN = CONNECT.person("admin");

  @AfterAll
  static void stop() {
    CONNECT.close();
  }

  private static String publish(String source, String event) {
    Web.Reply reply = CONNECT.as(source).publish(event);
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(202);
    return event;
  }

  private static String booking(String user, int paid, int points) {
    String id = Events.fresh("e");
    publish("rielt", Events.bookingPaid(id, Events.fresh("b"), user, paid, points));
    return id;
  }

  private static void sql(String statement) {
    try (var connection = CONNECT.connect();
        var change = connection.createStatement()) {
      change.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aDeadLetterIsRedrivenOnceItsRuleIsMended() {
    String rule = Events.fresh("mended-");
    String yaml =
        """
        name: %s
        event: rielt.booking_paid
        when: event.points_paid == 79
        rewards: [{to: '"user:" + event.user_id', points: '%s', reason: test.gift}]
        """;
    PeopleTest.inForce(CONNECT, rule, yaml.formatted(rule, "event.amount_paid - 10"));
    String user = Events.fresh("u");
    String event = booking(user, 3, 79);
    Answer dead = ADMIN.get("/events/rielt/" + event);
    assertThat(dead.text("status")).isEqualTo("dead");
    assertThat(PeopleTest.ruleOf(dead, rule).path("outcome").asText()).isEqualTo("failed");
    long letter = dead.member("dead_letters/0/dead_letter_id").asLong();
    assertThat(ADMIN.get("/dead-letters/" + letter).text("body")).contains(user);
    assertThat(ADMIN.get("/dead-letters?status=open&limit=200").text()).contains(event);

    Answer again = ADMIN.post("/dead-letters/" + letter + "/redrive", Map.of());
    assertThat(again.number("failed_again")).isEqualTo(1);
    Answer still = ADMIN.get("/dead-letters/" + letter);
    assertThat(still.text("status")).as("it stays the same letter").isEqualTo("open");
    assertThat(still.number("redrives")).isEqualTo(1);
    assertThat(ADMIN.get("/events/rielt/" + event).text("status")).isEqualTo("dead");
    PeopleTest.inForce(CONNECT, rule, yaml.formatted(rule, "event.amount_paid + 10"));
    Answer all = ADMIN.post("/dead-letters/redrive", Map.of());
    assertThat(all.number("redriven")).isPositive();
    assertThat(all.number("reward_actions")).isPositive();
    CONNECT.awaitQuiet();
    assertThat(CONNECT.balance("user:" + user)).isEqualTo(13);
    Answer mended = ADMIN.get("/events/rielt/" + event);
    assertThat(mended.text("status")).isEqualTo("processed");
    assertThat(PeopleTest.ruleOf(mended, rule).path("revision").asInt()).isEqualTo(2);
    assertThat(mended.member("dead_letters").findValuesAsText("status"))
        .containsExactly("redriven");
    assertThat(mended.member("dead_letters/0/closed_by").asText()).isEqualTo("admin");
    assertThat(ADMIN.post("/dead-letters/" + letter + "/redrive", Map.of()).code())
        .isEqualTo("not_redrivable");
  }

  @Test
  void theDeepestEventDoesNotStandInTheWay() {
    String id = Events.fresh("e");
    String deep = "{\"quest_id\":\"q\",\"x\":" + "[".repeat(31) + "]".repeat(31) + "}";
    Map<String, String> headers =
        Map.of(
            "Content-Type", "application/json",
            "ce-specversion", "1.0",
            "ce-source", "quest/a/b",
            "ce-id", id,
            "ce-type", "quest.completed");
    assertThat(CONNECT.as("quest").send("POST", "/events", headers, deep).status()).isEqualTo(202);
    Answer event = ADMIN.get("/events/quest%2Fa%2Fb/" + id);
    assertThat(event.text("status")).isEqualTo("dead");
    assertThat(event.member("rules")).isEmpty();
    long letter = event.member("dead_letters/0/dead_letter_id").asLong();
    assertThat(ADMIN.post("/dead-letters/" + letter + "/redrive", Map.of()).status())
        .isEqualTo(200);
  }

  @Test
  void whatIsNoEventCannotBeRedriven() throws Exception {
    try (var connection = CONNECT.connect();
        var insert = connection.createStatement()) {
      insert.execute(
          "INSERT INTO dead_letter (source, id, type, origin, reason, body)"
              + " VALUES ('', '', '', 'topic 0 7', 'is not JSON', '<xml/>')");
    }
    long letter = CONNECT.number("SELECT max(dead_letter_id) FROM dead_letter");
    Answer kept = ADMIN.get("/dead-letters/" + letter);
    assertThat(kept.member("redrivable").asBoolean()).isFalse();
    assertThat(kept.text("body")).isEqualTo("<xml/>");
    Answer redriven = ADMIN.post("/dead-letters/" + letter + "/redrive", Map.of());
    assertThat(redriven.status()).isEqualTo(409);
    assertThat(redriven.code()).isEqualTo("not_redrivable");
    ADMIN.post("/dead-letters/redrive", Map.of());
    assertThat(ADMIN.get("/dead-letters/" + letter).text("status")).isEqualTo("open");
  }

  @Test
  void lettersComeInPages() {
    publish("quest", Events.event("quest.nonsense", Events.fresh("e"), "{}"));
    publish("quest", Events.event("quest.nonsense", Events.fresh("e"), "{}"));
    Answer first = ADMIN.get("/dead-letters?limit=1");
    Answer next = ADMIN.get("/dead-letters?limit=1&cursor=" + first.text("next_cursor"));
    assertThat(next.member("dead_letters/0/dead_letter_id").asLong())
        .isLessThan(first.member("dead_letters/0/dead_letter_id").asLong());
  }

  /** PostgreSQL says no to these actions, as to a value that it cannot keep. */
  private static void poison(String account) {
    sql(
        "CREATE OR REPLACE FUNCTION poisoned() RETURNS trigger LANGUAGE plpgsql AS"
            + " $$ BEGIN RAISE EXCEPTION 'time zone displacement out of range'"
            + " USING ERRCODE = '22009'; END $$");
    sql(
        "CREATE TRIGGER poisoned BEFORE INSERT ON reward_action FOR EACH ROW WHEN (NEW.account = '"
            + account
            + "') EXECUTE FUNCTION poisoned()");
  }

  private static void cure() {
    sql("DROP TRIGGER poisoned ON reward_action");
  }

  @Test
  void anEventThatBringsOutABugIsADeadLetterAndItsNeighboursFlow() {
    String user = Events.fresh("u");
    String poison = Events.fresh("poison");
    String worst = Events.fresh("e");
    poison("user:" + poison);
    try {
      List<String> batch = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        boolean bad = i == 0 || i == 49 || i == 99;
        String id = i == 49 ? worst : Events.fresh("e");
        batch.add(Events.questCompleted(id, bad ? poison : user));
      }
      batch.add(batch.get(49));
      batch.add(Events.questCompleted(worst, "somebody-else"));
      Web.Reply reply = CONNECT.as("quest").publish(Events.batch(batch));
      assertThat(reply.status()).as(reply.body().toString()).isEqualTo(409);
      assertThat(reply.body().path("accepted").asInt()).isEqualTo(100);
      assertThat(reply.body().path("duplicates").asInt()).isEqualTo(1);
      assertThat(reply.body().path("conflicts")).hasSize(1);
      CONNECT.awaitQuiet();
      assertThat(CONNECT.balance("user:" + user)).isEqualTo(9_700);

      Answer dead = ADMIN.get("/events/quest/" + worst);
      assertThat(dead.text("status")).isEqualTo("dead");
      assertThat(dead.member("dead_letters/0/reason").asText())
          .contains("unexpectedly")
          .contains("time zone displacement");
      assertThat(dead.member("dead_letters/0/redrivable").asBoolean()).isTrue();
      assertThat(publishAgain(worst, poison)).isEqualTo("{\"accepted\":0,\"duplicates\":1}");

      // While the cause is there it stays so; it does not stand in the way of others.
      PeopleTest.inForce(CONNECT, "a-mended-rule", mendable("event.amount_paid - 10"));
      String mendable = booking(Events.fresh("u"), 3, 4_711);
      PeopleTest.inForce(CONNECT, "a-mended-rule", mendable("event.amount_paid + 10"));
      Answer again = ADMIN.post("/dead-letters/redrive", Map.of());
      assertThat(again.status()).as(again.text()).isEqualTo(200);
      assertThat(again.number("failed_again")).isGreaterThanOrEqualTo(3);
      assertThat(ADMIN.get("/events/rielt/" + mendable).text("status")).isEqualTo("processed");
      assertThat(ADMIN.get("/events/quest/" + worst).member("dead_letters/0/redrives").asInt())
          .isEqualTo(1);
    } finally {
      cure();
    }
    ADMIN.post("/dead-letters/redrive", Map.of());
    CONNECT.awaitQuiet();
    assertThat(CONNECT.balance("user:" + poison)).isEqualTo(300);
  }

  private static String mendable(String points) {
    return """
    name: a-mended-rule
    event: rielt.booking_paid
    when: event.points_paid == 4711
    rewards: [{to: '"user:" + event.user_id', points: '%s', reason: test.gift}]
    """
        .formatted(points);
  }

  private static String publishAgain(String id, String user) {
    return CONNECT.as("quest").publish(Events.questCompleted(id, user)).body().toString();
  }

  @Test
  void aLetterIsDiscardedForGoodByWhomAndWhy() {
    String id = Events.fresh("e");
    publish("quest", Events.event("quest.completed", id, "{}"));
    Answer event = ADMIN.get("/events/quest/" + id);
    String path = "/dead-letters/" + event.member("dead_letters/0/dead_letter_id").asLong();
    assertThat(ADMIN.post(path + "/discard", Map.of()).code()).isEqualTo("invalid_request");
    Answer gone =
        CONNECT.person("approver").post(path + "/discard", Map.of("reason", "a test of theirs"));
    assertThat(gone.status()).as(gone.text()).isEqualTo(200);
    assertThat(gone.text("status")).isEqualTo("discarded");
    assertThat(gone.text("closed_by")).isEqualTo("approver");
    assertThat(gone.text("closed_reason")).isEqualTo("a test of theirs");
    Answer twice = ADMIN.post(path + "/discard", Map.of("reason", "again"));
    assertThat(twice.status()).isEqualTo(409);
    assertThat(twice.code()).isEqualTo("letter_closed");
    assertThat(ADMIN.post(path + "/redrive", Map.of()).code()).isEqualTo("not_redrivable");
    assertThat(ADMIN.get("/dead-letters?status=discarded").text()).contains(id);
    ADMIN.post("/dead-letters/redrive", Map.of());
    assertThat(ADMIN.get(path).text("status")).isEqualTo("discarded");
    assertThat(ADMIN.get("/events/quest/" + id).text("status")).isEqualTo("dead");
    assertThat(ADMIN.post("/dead-letters/999999999/discard", Map.of("reason", "x")).code())
        .isEqualTo("not_found");
  }

  @Test
  void lettersAreFoundBySourceAndType() {
    String quest = Events.fresh("e");
    String rielt = Events.fresh("e");
    publish("quest", Events.event("quest.completed", quest, "{}"));
    publish("rielt", Events.event("rielt.booking_cancelled", rielt, "{}"));
    Answer ofType = ADMIN.get("/dead-letters?limit=200&type=rielt.booking_cancelled");
    assertThat(ofType.text()).contains(rielt).doesNotContain(quest);
    Answer ofSource = ADMIN.get("/dead-letters?limit=200&status=open&source=quest");
    assertThat(ofSource.text()).contains(quest).doesNotContain(rielt);
  }
}
