package points.trials.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The judge of hostile calls was wrong itself, once with each of these. */
class JudgeTest {
  private static final Map<String, String> BINARY =
      Map.of(
          "Content-Type", "application/json",
          "ce-specversion", "1.0",
          "ce-source", "voucher",
          "ce-id", "e-1",
          "ce-type", "voucher.purchased");

  private static final Map<String, String> STRUCTURED = Map.of("Content-Type", "application/json");

  /** Found by {@code ./points trials hostile-fuzz --seed 70109814512}. */
  @Test
  void anEventInBinaryModeMayHaveAnyDataOrNone() {
    assertThat(accepted(BINARY, "")).isEmpty();
    assertThat(accepted(BINARY, "{\"user_id\":\"42\"}")).isEmpty();
    assertThat(accepted(BINARY, "7")).isEmpty();
    assertThat(accepted(BINARY, "{")).isNotEmpty();
    assertThat(accepted(STRUCTURED, "")).isNotEmpty();
    assertThat(accepted(STRUCTURED, "7")).isNotEmpty();
  }

  private static List<String> accepted(Map<String, String> headers, String body) {
    Request request =
        new Request("POST", "/events", headers, body.getBytes(StandardCharsets.UTF_8));
    Peer.Reply reply =
        new Peer.Reply(
            202,
            Map.of(
                "X-Request-Id", List.of("r-1"),
                "Content-Type", List.of("application/json")),
            "{\"accepted\":1,\"duplicates\":0}");
    return Judge.faults(Target.CONNECT, request, reply);
  }
}
