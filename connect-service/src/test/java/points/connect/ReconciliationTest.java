package points.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import points.kit.TestPostgres;
import points.service.TestService;
import points.service.contract.Answer;

/** What is decided here and credited there is compared, and planted differences are found. */
class ReconciliationTest {
  private static final TestConnect CONNECT =
      TestConnect.start(
          TestService.start(TestPostgres.shared().newDatabase(), Map.of()),
          Map.of("rules.folder", TestConnect.RULES.toString()));

  @BeforeAll
  static void credit() {
    for (int i = 0; i < 5; i++) {
      CONNECT.as("quest").publish(Events.questCompleted(Events.fresh("e"), "u" + i));
    }
    String purchase = Events.fresh("p");
    CONNECT
        .as("voucher")
        .publish(Events.voucherPurchased(Events.fresh("e"), purchase, "acme", "[\"s1\"]"));
    CONNECT.as("voucher").publish(Events.voucherRefunded(Events.fresh("e"), purchase));
    CONNECT.awaitQuiet();
  }

  @AfterAll
  static void stop() {
    CONNECT.close();
    CONNECT.points().close();
  }

  private static final String OF_ACCOUNT =
      " FROM reward_action a WHERE a.action_id = r.action_id AND a.account = ";

  private static Answer reconcile() {
    Answer answer = CONNECT.person("admin").get("/reconciliation");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer;
  }

  private static void sql(String statement) throws Exception {
    try (var connection = CONNECT.connect();
        var change = connection.createStatement()) {
      change.execute(statement);
    }
  }

  @Test
  void allIsTheSameUntilItIsNot() throws Exception {
    Answer same = reconcile();
    assertThat(same.member("differences")).isEmpty();
    assertThat(same.member("complete").asBoolean()).isTrue();
    assertThat(same.number("in_flight")).isZero();
    assertThat(same.member("actions")).isEqualTo(same.member("credits"));
    assertThat(same.member("actions/count").asInt()).isEqualTo(7);
    assertThat(same.number("reversals_in_flight")).isZero();
    assertThat(same.member("actions_reversed")).isEqualTo(same.member("credits_reversed"));
    assertThat(same.member("actions_reversed/count").asInt()).isEqualTo(2);

    // A credit that no event asked for, and one that was made twice.
    credit("stray", "user:stray", 5);
    String doubled =
        CONNECT
            .person("admin")
            .get("/reward-actions?account=user:u0")
            .member("reward_actions/0/reward_action_id")
            .asText();
    credit(doubled + ".7", "user:u0", 100);
    // What is kept here is not what was credited there.
    sql("UPDATE reward_action SET points = 99 WHERE account = 'user:u1'");
    sql(
        "UPDATE reward_action SET transaction_id = '"
            + UUID.randomUUID()
            + "', settled_at = now() - interval '1 min' WHERE account = 'user:u2'");
    // Of what was taken back: nobody asked for it; not as much; somewhere else.
    reverse("user:u3");
    sql("UPDATE reversal r SET points = 1" + OF_ACCOUNT + "'partner:acme'");
    sql(
        "UPDATE reversal r SET transaction_id = '"
            + UUID.randomUUID()
            + "', settled_at = now() - interval '1 min'"
            + OF_ACCOUNT
            + "'space:s1'");
    JsonNode differences = reconcile().member("differences");
    assertThat(kindOf(differences, "user:u3")).isEqualTo("reversal_unknown");
    assertThat(kindOf(differences, "partner:acme")).isEqualTo("reversal_differs");
    assertThat(kindOf(differences, "space:s1")).isEqualTo("reversal_twice");
    assertThat(kindOf(differences, "user:stray")).isEqualTo("credit_unknown");
    assertThat(kindOf(differences, "user:u0")).isEqualTo("credit_twice");
    assertThat(kindOf(differences, "user:u1")).isEqualTo("credit_differs");
    assertThat(differences.findValuesAsText("kind"))
        .containsExactlyInAnyOrder(
            "credit_unknown",
            "credit_twice",
            "credit_differs",
            "credit_missing",
            "credit_twice",
            "reversal_unknown",
            "reversal_differs",
            "reversal_missing",
            "reversal_twice");
  }

  @Test
  void pointsBeingAwayIsSaid() {
    Map<String, String> away =
        Map.of("points.url", "http://127.0.0.1:1", "dispatch.deadline", "500ms");
    try (TestConnect connect = TestConnect.start(CONNECT.points(), away)) {
      Answer answer = connect.person("admin").get("/reconciliation");
      assertThat(answer.status()).as(answer.text()).isEqualTo(503);
      assertThat(answer.code()).isEqualTo("unavailable");
      assertThat(connect.person("admin").get("/reward-actions").status()).isEqualTo(200);
    }
  }

  private static String kindOf(JsonNode differences, String account) {
    for (JsonNode one : differences) {
      if (one.path("credit_account").asText().equals(account)) {
        return one.path("kind").asText();
      }
    }
    throw new AssertionError(account + " is not in " + differences);
  }

  private static void reverse(String account) {
    String credit =
        CONNECT.text("SELECT transaction_id FROM reward_action WHERE account = '" + account + "'");
    var made =
        CONNECT
            .points()
            .as("connect")
            .post(
                "/internal/reverse",
                Map.of(
                    "transaction_id", credit, "external_id", Events.fresh("x"), "policy", "debt"));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
  }

  private static void credit(String externalId, String account, long points) {
    var made =
        CONNECT
            .points()
            .as("connect")
            .post(
                "/internal/credit",
                Map.of(
                    "account",
                    account,
                    "amount",
                    points,
                    "external_id",
                    externalId,
                    "reason",
                    "test"));
    assertThat(made.status()).isEqualTo(201);
  }
}
