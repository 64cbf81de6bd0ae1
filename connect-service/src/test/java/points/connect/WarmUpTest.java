package points.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import points.service.TestService;

/** A start has done all that an event needs, and nothing of it is left. */
class WarmUpTest {
  @Test
  void itLeavesNothingBehind() {
    try (TestConnect connect = TestConnect.start()) {
      for (String table :
          new String[] {
            "event",
            "reward_action",
            "allowance",
            "event_key",
            "cancellation",
            "reversal",
            "dead_letter",
            "cut"
          }) {
        assertThat(connect.number("SELECT count(*) FROM " + table)).as(table).isZero();
      }
      assertThat(connect.number("SELECT last_value FROM event_event_seq_seq"))
          .as("it has been through the database")
          .isGreaterThan(1);
      String user = Events.fresh("u");
      connect.as("quest").publish(Events.questCompleted(Events.fresh("e"), user));
      connect.awaitQuiet();
      assertThat(connect.balance("user:" + user)).isEqualTo(100);
    }
  }

  @Test
  @Timeout(300)
  void pointsNeedNotBeThere() {
    Map<String, String> away =
        Map.of("points.url", "http://127.0.0.1:1", "dispatch.deadline", "1h");
    try (TestConnect connect = TestConnect.start(TestService.shared(), away)) {
      assertThat(connect.stranger().get("/health/ready").status()).isEqualTo(200);
    }
  }
}
