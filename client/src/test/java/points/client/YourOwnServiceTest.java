package points.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import points.kit.TestPostgres;
import points.service.TestService;

/** The service of the page "Add your own service" is let in, compiled and run as it is written. */
class YourOwnServiceTest {
  private static final Path PAGE = Path.of("../docs/integrations/your-own-service.md");

  @Test
  void theExampleDoesWhatItSaysHoweverOften(@TempDir Path folder) throws Exception {
    Example example = Example.of(PAGE, "PrintShop", folder);
    String[] setting = example.onlyBlock("sh").strip().split("=", 2);
    assertThat(setting[0]).isEqualTo("POINTS_AUTH_POLICY");
    String policy = setting[1].substring(1, setting[1].length() - 1);
    try (TestService points =
        TestService.start(TestPostgres.shared().newDatabase(), Map.of("auth.policy", policy))) {
      try (PointsClient connect =
          PointsClient.at(points.url()).apiKey(points.key("connect")).build()) {
        connect.credit(Credit.of("user:reader", 150, "welcome", "welcome")).receiptOrThrow();
      }
      Map<String, String> environment =
          Map.of("POINTS_URL", points.url().toString(), "POINTS_KEY", points.key("print"));
      for (int run = 1; run <= 3; run++) {
        assertThat(example.run(environment)).as("run " + run).isEqualTo(example.onlyBlock("text"));
      }
    }
  }
}
