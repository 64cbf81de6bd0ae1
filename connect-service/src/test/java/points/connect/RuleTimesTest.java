package points.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import points.service.TestService;
import points.service.contract.Answer;
import points.service.contract.ApiClient;

/** What the times of rules do: in force, active, available, expired. */
class RuleTimesTest {
  private static final Gate GATE = new Gate(TestService.shared().url());
  private static final TestConnect CONNECT =
      TestConnect.start(
          TestService.shared(),
          Map.of(
              "points.url",
              GATE.url(),
              "dispatch.deadline",
              "1s",
              "dispatch.backoff_max",
              "200ms"));
  private static final ApiClient ADMIN = CONNECT.person("admin");

  @AfterAll
  static void stop() {
    CONNECT.close();
    GATE.close();
  }

  private static String gift(String name, int points, String more) {
    return """
    name: %s
    event: quest.completed
    when: event.quest_id == "%s"
    rewards: [{to: '"user:" + event.user_id', points: %d, reason: test.gift}]
    %s
    """
        .formatted(name, name, points, more);
  }

  private static void activate(String name, String yaml, String from) {
    Answer saved = ADMIN.send("PUT", "/rules/" + name, Map.of("yaml", yaml));
    assertThat(saved.status()).as(saved.text()).isEqualTo(201);
    String path = "/rules/" + name + "/revisions/" + saved.number("revision") + "/activate";
    assertThat(CONNECT.person("approver").post(path, Map.of("from", from)).status()).isEqualTo(201);
  }

  /** Publishes an event; returns its answer once it is decided. */
  private static Answer complete(String quest, String user, String time) {
    String id = Events.fresh("e");
    String data = "{\"quest_id\":\"%s\",\"user_id\":\"%s\"}".formatted(quest, user);
    String event = Events.event("quest.completed", id, time, data);
    assertThat(CONNECT.as("quest").publish(event).status()).isEqualTo(202);
    return ADMIN.get("/events/quest/" + id);
  }

  private static int points(Answer event) {
    return event.member("reward_actions/0/points").asInt();
  }

  @Test
  void anEventThatComesLateIsDecidedByTheRevisionOfItsTime() {
    String name = Events.fresh("late-");
    String user = Events.fresh("u");
    activate(name, gift(name, 1, ""), "2026-01-01T00:00:00Z");
    activate(name, gift(name, 20, ""), "2026-02-01T00:00:00Z");
    activate(name, gift(name, 300, ""), "2026-03-01T00:00:00Z");
    assertThat(complete(name, user, "2025-12-31T23:59:59.999Z").member("reward_actions")).isEmpty();
    Answer second = complete(name, user, "2026-02-28T23:59:59.999999Z");
    assertThat(points(second)).isEqualTo(20);
    assertThat(second.member("reward_actions/0/revision").asInt()).isEqualTo(2);
    assertThat(points(complete(name, user, "2026-03-01T00:00:00Z"))).isEqualTo(300);
    assertThat(points(complete(name, user, "2026-01-01T00:00:00Z"))).isEqualTo(1);
    // The newest activation with an early beginning takes the place of those that begin later.
    activate(name, gift(name, 4_000, ""), "2026-01-15T00:00:00Z");
    assertThat(points(complete(name, user, "2026-03-02T00:00:00Z"))).isEqualTo(4_000);
    assertThat(points(complete(name, user, "2026-01-14T00:00:00Z"))).isEqualTo(1);
    CONNECT.awaitQuiet();
    assertThat(CONNECT.balance("user:" + user)).isEqualTo(20 + 300 + 1 + 4_000 + 1);
  }

  @Test
  void aRuleIsActiveFromItsBeginningUntilItsEnd() {
    String name = Events.fresh("active-");
    String active = "active: {from: '2026-05-01T00:00:00Z', until: '2026-06-01T00:00:00Z'}";
    activate(name, gift(name, 7, active), "2026-01-01T00:00:00Z");
    assertThat(outcome(complete(name, "a", "2026-04-30T23:59:59.999999Z"))).isEqualTo("not_active");
    assertThat(outcome(complete(name, "a", "2026-05-01T00:00:00Z"))).isEqualTo("matched");
    assertThat(outcome(complete(name, "a", "2026-05-31T23:59:59.999999Z"))).isEqualTo("matched");
    assertThat(outcome(complete(name, "a", "2026-06-01T00:00:00Z"))).isEqualTo("not_active");
  }

  private static String outcome(Answer event) {
    return event.member("rules").findValuesAsText("outcome").stream()
        .filter(outcome -> !outcome.equals("not_matched"))
        .findFirst()
        .orElse("none");
  }

  private static Answer balance(String user) {
    return CONNECT.points().as("connect").get("/internal/accounts/user:" + user + "/balance");
  }

  @Test
  void pointsExpireAndBecomeAvailableAtPointsAsTheRuleSays() {
    String name = Events.fresh("times-");
    String times = "reason: test.gift, expires_in: 30d, available_in: 12h";
    activate(name, gift(name, 50, "").replace("reason: test.gift", times), "2026-01-01T00:00:00Z");
    String soon = Events.fresh("soon-");
    activate(
        soon,
        gift(soon, 60, "").replace("reason: test.gift", "reason: test.gift, expires_in: 36500d"),
        "2026-01-01T00:00:00Z");
    String user = Events.fresh("u");
    Instant before = Instant.now();
    Answer action = complete(name, user, "2026-05-01T00:00:00Z");
    complete(soon, user, "2026-05-01T00:00:00Z");
    CONNECT.awaitQuiet();
    Instant expiry = Instant.parse(action.member("reward_actions/0/expires_at").asText());
    assertThat(Duration.between(before, expiry))
        .isBetween(Duration.ofDays(30), Duration.ofDays(30).plusMinutes(1));
    Answer balance = balance(user);
    assertThat(balance.number("pending")).isEqualTo(50);
    assertThat(balance.number("available")).isEqualTo(60);
    assertThat(balance.member("expiring/0/amount").asInt()).isEqualTo(60);
    assertThat(Instant.parse(balance.member("expiring/0/expires_at").asText()))
        .isAfter(before.plus(Duration.ofDays(36_499)));
  }

  @Test
  void whatExpiredOnItsWayIsRefusedAndItsNeighboursArrive() {
    String name = Events.fresh("short-");
    String lasting = Events.fresh("long-");
    String brief = "reason: test.gift, expires_in: 1s";
    activate(name, gift(name, 50, "").replace("reason: test.gift", brief), "2026-01-01T00:00:00Z");
    activate(lasting, gift(lasting, 60, ""), "2026-01-01T00:00:00Z");
    String user = Events.fresh("u");
    GATE.set(Gate.Way.AWAY);
    complete(name, user, "2026-05-01T00:00:00Z");
    complete(lasting, user, "2026-05-01T00:00:00Z");
    Awaitility.await().pollDelay(Duration.ofMillis(1_500)).until(() -> true);
    GATE.set(Gate.Way.OPEN);
    CONNECT.awaitQuiet();
    assertThat(balance(user).number("available")).isEqualTo(60);
    Answer refused = ADMIN.get("/reward-actions?rule=" + name);
    assertThat(refused.member("reward_actions/0/status").asText()).isEqualTo("refused");
    assertThat(refused.member("reward_actions/0/code").asText()).isEqualTo("expired");
  }
}
