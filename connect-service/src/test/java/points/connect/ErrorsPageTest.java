package points.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import points.service.TestService;

/** The errors that only Connect answers with are documented where its problems point to. */
class ErrorsPageTest {
  private static final Pattern ENTRY =
      Pattern.compile("(?m)^### ([a-z_]+)\\n\\*\\*(\\d{3})\\.\\*\\* .+\\n\\*\\*Do:\\*\\* .+$");

  @Test
  void thePageHasAllOfThemAndNoOthers() {
    Map<String, Integer> catalogue = new TreeMap<>();
    for (ConnectError error : ConnectError.values()) {
      catalogue.put(error.code(), error.status());
    }
    try (TestConnect connect = TestConnect.start(TestService.shared(), Map.of())) {
      var page = connect.stranger().get("/docs/errors");
      assertThat(page.status()).isEqualTo(200);
      String text = page.text();
      String own = text.substring(text.indexOf("## Connect's own"), text.indexOf("## A bug"));
      Map<String, Integer> listed = new TreeMap<>();
      var entry = ENTRY.matcher(own);
      while (entry.find()) {
        listed.put(entry.group(1), Integer.valueOf(entry.group(2)));
      }
      assertThat(listed).isEqualTo(catalogue);
    }
  }
}
