package points.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import points.service.TestService;
import points.service.contract.Answer;
import points.service.contract.ApiClient;

/** What a revision that comes into force knows of the time before it. */
class RuleHistoryTest {
  private static final TestConnect CONNECT =
      TestConnect.start(TestService.shared(), Map.of("dispatch.senders", "1"));
  private static final ApiClient ADMIN = CONNECT.person("admin");

  private static final String GIFT =
      """
      name: %s
      event: quest.completed
      when: event.quest_id == "%s"
      rewards: [{to: '"user:" + event.user_id', points: 10, reason: test.gift}]
      """;

  @AfterAll
  static void stop() {
    CONNECT.close();
  }

  private static void inForce(String name, String yaml) {
    PeopleTest.inForce(CONNECT, name, yaml);
  }

  private static void complete(String quest, String user, int times) {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      events.add(
          Events.event(
              "quest.completed",
              Events.fresh("e"),
              "{\"quest_id\":\"%s\",\"user_id\":\"%s\"}".formatted(quest, user)));
    }
    assertThat(CONNECT.as("quest").publish(Events.batch(events)).status()).isEqualTo(202);
  }

  private static long given(String rule) {
    return CONNECT.number(
        "SELECT coalesce(sum(points), 0) FROM reward_action WHERE rule = '" + rule + "'");
  }

  @Test
  void aBudgetCountsWhatWasGivenBeforeThereWasOne() {
    String rule = Events.fresh("late-budget-");
    String text = GIFT.formatted(rule, rule);
    inForce(rule, text);
    complete(rule, "a", 5);
    inForce(rule, text + "budget: 80\n");
    complete(rule, "b", 5);
    assertThat(given(rule)).isEqualTo(80);
    assertThat(CONNECT.number("SELECT count(*) FROM cut WHERE rule = '" + rule + "'")).isEqualTo(2);
  }

  @Test
  void aRevisionWithoutLimitsIsCountedForThoseThatHaveSome() {
    String rule = Events.fresh("paused-");
    String text = GIFT.formatted(rule, rule);
    String limited =
        text
            + "limits: [{per: account, every: %s, max_count: 3}, {per: all, every: ever, max_points: 60}]\n";
    inForce(rule, limited.formatted("week"));
    complete(rule, "a", 2);
    inForce(rule, text);
    complete(rule, "a", 3);
    inForce(rule, limited.formatted("week"));
    complete(rule, "a", 1);
    assertThat(given(rule)).as("the week's three are long given").isEqualTo(50);
    inForce(rule, limited.formatted("month"));
    complete(rule, "a", 1);
    assertThat(given(rule)).as("a counter that no revision had before").isEqualTo(50);
    complete(rule, "b", 3);
    assertThat(given(rule)).as("60 in all").isEqualTo(60);
  }

  @Test
  void aSimulationTellsWhatHasBeenUsedAlsoOfLimitsThatAreNotInForceYet() {
    String rule = Events.fresh("used-");
    String text = GIFT.formatted(rule, rule);
    inForce(rule, text);
    complete(rule, "a", 4);
    complete(rule, "b", 1);
    String draft =
        text
            + "limits: [{per: account, every: day, max_points: 45, exceeding: trim}]\nbudget: 70\n";
    Map<String, Object> event =
        Map.of(
            "specversion", "1.0",
            "source", "quest",
            "id", "simulated",
            "type", "quest.completed",
            "time", "2026-11-22T18:00:00Z",
            "data", Map.of("quest_id", rule, "user_id", "a"));
    for (int i = 0; i < 2; i++) {
      Answer answer = ADMIN.post("/rules/simulate", Map.of("event", event, "rule", draft));
      assertThat(answer.member("gives/0/points").asInt()).as(answer.text()).isEqualTo(5);
      assertThat(answer.member("used").toString())
          .isEqualTo(
              "[{\"limit\":\"45 points per account a day\",\"account\":\"user:a\",\"rewards\":4,"
                  + "\"points\":40},{\"limit\":\"70 points in all\",\"rewards\":5,\"points\":50}]");
      inForce(rule, draft); // the same from the counters
    }
  }

  private static final String BACK =
      """
      name: %s
      event: voucher.refunded
      reverses: {event: voucher.purchased, key: event.purchase_id, matches: %s, reason: test.back,
        rules: [%s]}
      """;

  private static String bonus(String name) {
    return """
    name: %s
    event: voucher.purchased
    when: event.partner_id == "%s"
    rewards: [{to: '"partner:" + event.partner_id', points: 10, reason: test.bonus}]
    """
        .formatted(name, name);
  }

  private static String purchase(String partner) {
    String purchase = Events.fresh("b");
    publish(Events.voucherPurchased(Events.fresh("e"), purchase, partner, "[]"));
    return purchase;
  }

  private static void publish(String event) {
    assertThat(CONNECT.as("voucher").publish(event).status()).isEqualTo(202);
  }

  private static Answer refund(String purchase) {
    String id = Events.fresh("e");
    publish(Events.voucherRefunded(id, purchase));
    return ADMIN.get("/events/voucher/" + id);
  }

  @Test
  void aReversingRuleFindsEventsThatCameBeforeItOrWhileItWasWrittenInAnotherWay() {
    String partner = Events.fresh("p");
    String back = Events.fresh("back-");
    inForce(partner, bonus(partner));
    String first = purchase(partner);
    inForce(back, BACK.formatted(back, "event.purchase_id", partner));
    assertThat(refund(first).member("takes_back")).as("older than the rule").hasSize(1);
    for (String matches :
        new String[] {
          "(event.purchase_id)", "'event . purchase_id'", "'\"\" + event.purchase_id'"
        }) {
      String before = purchase(partner);
      inForce(back, BACK.formatted(back, matches, partner));
      Answer refunded = refund(before);
      assertThat(refunded.member("takes_back")).as(matches).hasSize(1);
      assertThat(refunded.member("cancels/0/status").asText()).isEqualTo("found");
    }
    CONNECT.awaitQuiet();
    assertThat(CONNECT.balance("partner:" + partner)).isZero();
  }

  @Test
  void aCancellationThatFindsNothingIsSeenToWait() {
    String partner = Events.fresh("p");
    String back = Events.fresh("back-");
    inForce(partner, bonus(partner));
    inForce(back, BACK.formatted(back, "event.purchase_id", partner));
    String purchase = Events.fresh("b");
    String id = Events.fresh("e");
    publish(Events.voucherRefunded(id, purchase));
    Answer waiting = ADMIN.get("/events/voucher/" + id);
    assertThat(waiting.member("cancels/0").toString())
        .contains("\"rule\":\"" + back)
        .contains("\"event\":\"voucher.purchased\"")
        .contains("\"key\":\"" + purchase)
        .contains("\"status\":\"waiting\"");
    long all = waiting();
    assertThat(metrics())
        .contains("connect_cancellations_waiting{service=\"connect\"} " + (double) all);
    publish(Events.voucherPurchased(Events.fresh("e"), purchase, partner, "[]"));
    assertThat(ADMIN.get("/events/voucher/" + id).member("cancels/0/status").asText())
        .isEqualTo("found");
    assertThat(waiting()).isLessThan(all);
  }

  private static long waiting() {
    return CONNECT.number("SELECT count(*) FROM cancellation WHERE waiting");
  }

  private static String metrics() {
    return CONNECT.as("admin").get("/metrics").body().asText();
  }

  @Test
  void whatAnEarlierReleaseHasNotKeptIsWorkedOutAtTheStart() throws SQLException {
    try (TestConnect connect = TestConnect.start(TestService.shared(), Map.of())) {
      String partner = Events.fresh("p");
      PeopleTest.inForce(connect, partner, bonus(partner) + "budget: 30\n");
      PeopleTest.inForce(connect, "back", BACK.formatted("back", "event.purchase_id", partner));
      Web voucher = connect.as("voucher");
      String purchase = Events.fresh("b");
      for (String one : new String[] {purchase, Events.fresh("b")}) {
        voucher.publish(Events.voucherPurchased(Events.fresh("e"), one, partner, "[]"));
      }
      try (var connection = connect.connect();
          var statement = connection.createStatement()) {
        statement.execute(
            "DELETE FROM counter; DELETE FROM allowance; DELETE FROM key_name;"
                + " DELETE FROM event_key");
      }
      connect.restart();
      Web again = connect.as("voucher");
      for (int i = 0; i < 2; i++) {
        again.publish(Events.voucherPurchased(Events.fresh("e"), Events.fresh("b"), partner, "[]"));
      }
      again.publish(Events.voucherRefunded(Events.fresh("e"), purchase));
      connect.awaitQuiet();
      assertThat(connect.number("SELECT points FROM allowance WHERE every = 'ever'")).isEqualTo(30);
      assertThat(connect.balance("partner:" + partner)).isEqualTo(20);
    }
  }

  @Test
  void aRevisionThatCannotBeReadAnyMoreHoldsUpItsOwnEventsAlone() throws SQLException {
    try (TestConnect connect = TestConnect.start(TestService.shared(), Map.of())) {
      String good = Events.fresh("good-");
      PeopleTest.inForce(connect, good, GIFT.formatted(good, "q1"));
      plant(connect, "gone", bonus("gone").replace("event.partner_id ==", "event.nope =="));
      plant(connect, "odd", "name: [");
      connect.restart();
      String user = Events.fresh("u");
      String voucher = Events.fresh("e");
      connect.as("quest").publish(Events.questCompleted(Events.fresh("e"), user));
      connect.as("voucher").publish(Events.voucherPurchased(voucher, "b", "p", "[]"));
      connect.awaitQuiet();
      assertThat(connect.balance("user:" + user)).isEqualTo(10);
      ApiClient admin = connect.person("admin");
      assertThat(admin.get("/events/voucher/" + voucher).member("dead_letters/0/reason").asText())
          .startsWith("gone revision 1: it cannot be read any more: when (line 3");
      assertThat(admin.get("/rules").text()).contains("gone").contains("odd");
      assertThat(connect.as("admin").get("/metrics").body().asText())
          .contains("connect_rules_unreadable{service=\"connect\"} 2.0");
      Answer again = connect.person("approver").post("/rules/gone/revisions/1/activate", Map.of());
      assertThat(again.code()).isEqualTo("rule_refused");
    }
  }

  private static void plant(TestConnect connect, String name, String yaml) throws SQLException {
    try (var connection = connect.connect();
        var insert =
            connection.prepareStatement(
                """
                WITH saved AS (
                  INSERT INTO rule_revision (rule, revision, yaml, author) VALUES (?, 1, ?, 'x'))
                INSERT INTO activation (rule, revision, author, activated_by, in_force_from)
                SELECT ?, 1, 'x', 'y', '2020-01-01Z'""")) {
      insert.setString(1, name);
      insert.setString(2, yaml);
      insert.setString(3, name);
      assertThat(insert.executeUpdate()).isEqualTo(1);
    }
  }
}
