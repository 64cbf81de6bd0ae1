package points.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import points.service.TestService;

/** What happens between an action's decision and its credit, with something in between. */
class SendingTest {
  private final Gate gate = new Gate(TestService.shared().url());

  @AfterEach
  void close() {
    gate.close();
  }

  private TestConnect connect(Path folder) {
    return TestConnect.start(
        TestService.shared(),
        Map.of(
            "rules.folder",
            folder.toString(),
            "points.url",
            gate.url(),
            "dispatch.deadline",
            "1s",
            "dispatch.backoff_max",
            "300ms"));
  }

  private void awaitCalls(int more) {
    int before = gate.calls();
    await().atMost(Duration.ofSeconds(20)).until(() -> gate.calls() >= before + more);
  }

  private static String stateOf(TestConnect connect, String account) {
    return connect.text("SELECT state FROM reward_action WHERE account = '" + account + "'");
  }

  @Test
  void whatIsCancelledWhileItsCreditIsUnderWayIsTakenBack() {
    try (TestConnect connect = connect(TestConnect.RULES)) {
      for (Gate.Way way : new Gate.Way[] {Gate.Way.HELD, Gate.Way.DEAF, Gate.Way.AWAY}) {
        String partner = Events.fresh("p");
        String purchase = Events.fresh("b");
        Web voucher = connect.as("voucher");
        gate.set(way);
        voucher.publish(Events.voucherPurchased(Events.fresh("e"), purchase, partner, "[]"));
        awaitCalls(1);
        voucher.publish(Events.voucherRefunded(Events.fresh("e"), purchase));
        gate.set(Gate.Way.OPEN);
        connect.awaitQuiet();
        assertThat(connect.balance("partner:" + partner)).as(way.toString()).isZero();
        assertThat(stateOf(connect, "partner:" + partner))
            .as(way.toString())
            .isIn("reversed", "refused");
      }
    }
  }

  @Test
  void answersThatAreLostDoubleNothing() {
    try (TestConnect connect = connect(TestConnect.RULES)) {
      String user = Events.fresh("u");
      gate.set(Gate.Way.DEAF);
      for (int i = 0; i < 10; i++) {
        connect.as("quest").publish(Events.questCompleted(Events.fresh("e"), user));
      }
      awaitCalls(5);
      assertThat(connect.balance("user:" + user)).isPositive();
      gate.set(Gate.Way.OPEN);
      connect.awaitQuiet();
      assertThat(connect.balance("user:" + user)).isEqualTo(1_000);
    }
  }

  @Test
  void anAmountIsFrozenWhenItIsDecided(@TempDir Path rules) throws IOException {
    writeRule(rules, 100);
    try (TestConnect connect = connect(rules)) {
      String before = Events.fresh("u");
      String after = Events.fresh("u");
      gate.set(Gate.Way.AWAY);
      connect.as("quest").publish(Events.questCompleted(Events.fresh("e"), before));
      awaitCalls(2);
      writeRule(rules, 250);
      connect.restart();
      connect
          .as("quest")
          .publish(
              Events.event(
                  "quest.completed",
                  Events.fresh("e"),
                  Instant.now().plusSeconds(1).toString(),
                  "{\"quest_id\":\"q1\",\"user_id\":\"" + after + "\"}"));
      gate.set(Gate.Way.OPEN);
      connect.awaitQuiet();
      assertThat(connect.balance("user:" + before)).isEqualTo(100);
      assertThat(connect.balance("user:" + after)).isEqualTo(250);
      assertThat(
              connect.number(
                  "SELECT revision FROM reward_action WHERE account = 'user:" + before + "'"))
          .isEqualTo(1);
    }
  }

  @Test
  void aRevisionThatComesIntoForceBetweenTwoAttemptsChangesNothing() {
    try (TestConnect connect = connect(TestConnect.RULES)) {
      String yaml =
          """
          name: gift
          event: referral.joined_level1
          rewards: [{to: '"user:" + event.user_id + "-gift"', points: %d, reason: test.gift}]
          """;
      PeopleTest.inForce(connect, "gift", yaml.formatted(7));
      String user = Events.fresh("u");
      String data = "{\"user_id\":\"" + user + "\",\"referrer_id\":\"r\"}";
      gate.set(Gate.Way.DEAF);
      connect
          .as("referral")
          .publish(Events.event("referral.joined_level1", Events.fresh("e"), data));
      awaitCalls(2);
      PeopleTest.inForce(connect, "gift", yaml.formatted(9));
      awaitCalls(2);
      gate.set(Gate.Way.OPEN);
      connect.awaitQuiet();
      assertThat(connect.balance("user:" + user + "-gift")).isEqualTo(7);
      assertThat(connect.number("SELECT revision FROM reward_action WHERE rule = 'gift'"))
          .isEqualTo(1);
    }
  }

  @Test
  void whilePointsIsAwayTheAttemptsAreTold() {
    try (TestConnect connect = connect(TestConnect.RULES)) {
      String user = Events.fresh("u");
      gate.set(Gate.Way.AWAY);
      connect.as("quest").publish(Events.questCompleted(Events.fresh("e"), user));
      var admin = connect.person("admin");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  admin
                          .get("/reward-actions?status=pending&account=user:" + user)
                          .member("reward_actions/0/attempts")
                          .asInt()
                      >= 2);
      var action = admin.get("/reward-actions?account=user:" + user).member("reward_actions/0");
      assertThat(action.path("status").asText()).isEqualTo("pending");
      assertThat(action.path("detail").asText()).isNotEmpty();
      gate.set(Gate.Way.OPEN);
      connect.awaitQuiet();
      assertThat(connect.balance("user:" + user)).isEqualTo(100);
    }
  }

  private static void writeRule(Path rules, int points) throws IOException {
    Files.writeString(
        rules.resolve("quest.yaml"),
        """
        name: quest
        event: quest.completed
        rewards:
          - {to: '"user:" + event.user_id', points: %d, reason: test}
        """
            .formatted(points));
  }
}
