package points.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import points.service.TestService;

/** The README's example is compiled and run as it is written. */
class ReadmeTest {
  @Test
  void theExampleDoesWhatItSays(@TempDir Path folder) throws Exception {
    Example example = Example.of(Path.of("README.md"), "BuyQuest", folder);
    try (PointsClient connect = Clients.of("connect")) {
      connect.credit(Credit.of("user:readme", 150, Clients.id(), "welcome")).receiptOrThrow();
    }
    Map<String, String> environment =
        Map.of(
            "POINTS_URL", TestService.shared().url().toString(),
            "POINTS_KEY", TestService.shared().key("quest"));
    assertThat(example.run(environment)).isEqualTo(example.onlyBlock("text"));
  }
}
