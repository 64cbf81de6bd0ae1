package points.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import points.service.TestService;
import points.service.contract.Answer;
import points.service.contract.ApiClient;

/**
 * Rewards that are no points: refused where nobody takes them, else settled by their dispatcher.
 */
class DispatchersTest {
  private static final String POLICY =
      "rielt=publish; admin=admin,read; approver=admin,read; badges=dispatch,read";
  private static final TestConnect WITHOUT =
      TestConnect.start(TestService.shared(), Map.of("auth.policy", POLICY));
  private static final TestConnect WITH =
      WITHOUT.another(Map.of("auth.policy", POLICY, "rewards.types", "badge"));
  private static final ApiClient ADMIN = WITH.person("admin");
  private static final ApiClient BADGES = WITH.person("badges");

  @BeforeAll
  static void rules() {
    PeopleTest.inForce(
        WITH,
        "badges",
        """
        name: badges
        event: rielt.booking_paid
        rewards:
          - {to: '"user:" + event.user_id', points: 3, reason: test.badge, type: badge}
          - {to: '"user:" + event.user_id', points: 10, reason: test.points}
        limits: [{per: account, every: ever, max_count: 3}]
        """);
    PeopleTest.inForce(
        WITH,
        "badges-back",
        """
        name: badges-back
        event: rielt.booking_cancelled
        reverses: {event: rielt.booking_paid, key: event.booking_id, matches: event.booking_id,
          policy: debt, reason: test.cancelled}
        """);
  }

  @AfterAll
  static void stop() {
    WITH.close();
    WITHOUT.close();
  }

  /** A booking that brings a badge. */
  private static JsonNode badge(TestConnect connect, String user, String booking) {
    publish(connect, Events.bookingPaid(Events.fresh("e"), booking, user, 1, 0));
    return ADMIN.get("/reward-actions?type=badge&account=user:" + user).member("reward_actions/0");
  }

  private static void publish(TestConnect connect, String event) {
    assertThat(connect.as("rielt").publish(event).status()).isEqualTo(202);
  }

  private static String path(JsonNode action) {
    return "/reward-actions/" + action.path("reward_action_id").asText();
  }

  private static Answer settle(JsonNode action, String... members) {
    Map<String, Object> body = new HashMap<>();
    for (int i = 0; i < members.length; i += 2) {
      body.put(members[i], members[i + 1]);
    }
    return BADGES.post(path(action) + "/settle", body);
  }

  @Test
  void whatNobodyTakesIsRefusedAndCountsOnceItIsRetried() {
    String user = Events.fresh("u");
    JsonNode refused = badge(WITHOUT, user, Events.fresh("b"));
    assertThat(refused.path("status").asText()).isEqualTo("refused");
    assertThat(refused.path("code").asText()).isEqualTo("no_dispatcher");
    Answer strands = WITHOUT.person("admin").post(path(refused) + "/retry", Map.of());
    assertThat(strands.status()).isEqualTo(409);
    assertThat(strands.code()).isEqualTo("not_retryable");
    assertThat(strands.text("detail")).contains("badge");

    // Of the three that the limit has for this account, the points took one.
    assertThat(used(user)).isEqualTo(1);
    Answer retried = ADMIN.post(path(refused) + "/retry", Map.of());
    assertThat(retried.text("status")).isEqualTo("pending");
    assertThat(retried.text("external_id")).isEqualTo(retried.text("reward_action_id"));
    assertThat(used(user)).isEqualTo(2);
    JsonNode second = badge(WITHOUT, user, Events.fresh("b"));
    assertThat(used(user)).isEqualTo(3);
    Answer noRoom = ADMIN.post(path(second) + "/retry", Map.of());
    assertThat(noRoom.code()).isEqualTo("not_retryable");
    assertThat(noRoom.text("detail")).contains("3 rewards per account");
    assertThat(used(user)).isEqualTo(3);
    WITH.awaitQuiet();
    assertThat(WITH.balance("user:" + user)).isEqualTo(20);
  }

  private static long used(String user) {
    return WITH.number(
        "SELECT max(count) FROM allowance WHERE rule = 'badges' AND account = 'user:" + user + "'");
  }

  @Test
  void itsDispatcherFindsASetUpTypeAndSaysWhatBecameOfIt() {
    JsonNode action = badge(WITH, Events.fresh("u"), Events.fresh("b"));
    assertThat(action.path("status").asText()).isEqualTo("pending");
    assertThat(BADGES.get("/reward-actions?type=badge&status=pending").text())
        .contains(action.path("reward_action_id").asText());
    Answer done = settle(action, "outcome", "done", "reference", "badge-17");
    assertThat(done.status()).as(done.text()).isEqualTo(200);
    assertThat(done.text("status")).isEqualTo("credited");
    assertThat(done.text("reference")).isEqualTo("badge-17");
    assertThat(settle(action, "outcome", "done", "reference", "badge-17").json())
        .isEqualTo(done.json());
    Answer other = settle(action, "outcome", "done", "reference", "badge-18");
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.code()).isEqualTo("not_settleable");
    assertThat(settle(action, "outcome", "refused", "code", "gone").code())
        .isEqualTo("not_settleable");
    assertThat(ADMIN.post(path(action) + "/settle", Map.of("outcome", "done")).code())
        .isEqualTo("operation_not_allowed");
  }

  @Test
  void whatItRefusesCanBeRetried() {
    JsonNode action = badge(WITH, Events.fresh("u"), Events.fresh("b"));
    Answer refused = settle(action, "outcome", "refused", "code", "sold_out", "detail", "None.");
    assertThat(refused.text("status")).isEqualTo("refused");
    assertThat(refused.text("code")).isEqualTo("sold_out");
    assertThat(ADMIN.post(path(action) + "/retry", Map.of()).text("status")).isEqualTo("pending");
    assertThat(settle(action, "outcome", "failed", "code", "bug").text("status")).isEqualTo("dead");
    assertThat(ADMIN.post(path(action) + "/retry", Map.of()).text("status")).isEqualTo("pending");
  }

  @Test
  void whatWasGivenIsTakenBackByItsDispatcherToo() {
    String user = Events.fresh("u");
    String booking = Events.fresh("b");
    JsonNode action = badge(WITH, user, booking);
    assertThat(settle(action, "of", "reversal", "outcome", "done").code())
        .isEqualTo("not_settleable");
    settle(action, "outcome", "done", "reference", "b1");
    publish(WITH, Events.bookingCancelled(Events.fresh("e"), booking));
    org.awaitility.Awaitility.await()
        .until(
            () -> WITH.balance("user:" + user) == 0 && statusOf(user, "points").equals("reversed"));
    Answer open = BADGES.get("/reward-actions?type=badge&status=credited&reversal_status=pending");
    assertThat(open.text()).contains(action.path("reward_action_id").asText());
    Answer refused = settle(action, "of", "reversal", "outcome", "refused", "code", "worn");
    assertThat(refused.text("status")).isEqualTo("credited");
    assertThat(refused.member("reversal/code").asText()).isEqualTo("worn");
    Answer again = ADMIN.post(path(action) + "/retry", Map.of());
    assertThat(again.member("reversal/status").asText()).isEqualTo("pending");
    Answer done = settle(action, "of", "reversal", "outcome", "done", "reference", "back-1");
    assertThat(done.text("status")).isEqualTo("reversed");
    assertThat(done.member("reversal/points").asInt()).isEqualTo(3);
    assertThat(done.member("reversal/reference").asText()).isEqualTo("back-1");
  }

  private static String statusOf(String user, String type) {
    return ADMIN
        .get("/reward-actions?account=user:" + user + "&type=" + type)
        .member("reward_actions/0/status")
        .asText();
  }

  @Test
  void whatWasNotGivenYetNeedNotBeTakenBack() {
    String booking = Events.fresh("b");
    JsonNode action = badge(WITH, Events.fresh("u"), booking);
    publish(WITH, Events.bookingCancelled(Events.fresh("e"), booking));
    Answer waits = ADMIN.get(path(action));
    assertThat(waits.text("status")).isEqualTo("pending");
    assertThat(waits.member("reversal/status").asText()).isEqualTo("pending");
    assertThat(settle(action, "of", "reversal", "outcome", "done").code())
        .isEqualTo("not_settleable");
    settle(action, "outcome", "refused", "code", "cancelled");
    org.awaitility.Awaitility.await()
        .until(() -> ADMIN.get(path(action)).member("reversal/status").asText().equals("void"));
  }

  @Test
  void pointsAreConnectsOwnAffair() {
    String user = Events.fresh("u");
    badge(WITH, user, Events.fresh("b"));
    JsonNode points =
        ADMIN.get("/reward-actions?type=points&account=user:" + user).member("reward_actions/0");
    assertThat(settle(points, "outcome", "done").code()).isEqualTo("not_settleable");
    assertThat(
            BADGES
                .post(
                    "/reward-actions/00000000-0000-0000-0000-000000000000/settle",
                    Map.of("outcome", "done"))
                .status())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "outcome, perhaps, outcome",
    "of, all, outcome",
    "outcome, refused, code",
    "outcome, failed, code",
    "outcome, , outcome"
  })
  void strangeReportsAreRefused(String name, String value, String field) {
    JsonNode action = badge(WITH, Events.fresh("u"), Events.fresh("b"));
    Answer answer = settle(action, name, value == null ? "" : value);
    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(answer.member("errors").findValuesAsText("field")).contains(field);
    assertThat(settle(action, "outcome", "done", "code", "why").status()).isEqualTo(400);
  }
}
