package points.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import points.service.contract.Answer;
import points.service.contract.ApiClient;
import points.service.contract.OpenApi;

/** The pages are whole, work offline, and pass their own Content-Security-Policy. */
class ApiDocsTest {
  private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"#]+)[^\"]*\"");
  private static final ApiClient CLIENT = TestService.shared().anonymous();

  @Test
  void theContractIsServedAsItIsWritten() {
    assertThat(CLIENT.get("/openapi.yaml").text()).isEqualTo(OpenApi.points().text());
  }

  @Test
  void everyLinkLeadsSomewhereOnThisServer() {
    Deque<String> toVisit = new ArrayDeque<>(Set.of("/docs", "/docs/errors", "/docs/states"));
    Set<String> visited = new HashSet<>();
    while (!toVisit.isEmpty()) {
      String path = toVisit.pop();
      if (visited.add(path)) {
        Answer page = CLIENT.get(path);
        assertThat(page.status()).as(path).isEqualTo(200);
        if (page.header("Content-Type").orElse("").startsWith("text/html")) {
          Matcher link = LINK.matcher(page.text());
          while (link.find()) {
            String target = URI.create(path).resolve(link.group(1)).toString();
            assertThat(target).startsWith("/");
            toVisit.add(target);
          }
        }
      }
    }
    assertThat(visited).contains("/openapi.yaml", "/docs/limits", "/docs/swagger-ui-bundle.js");
  }

  @Test
  void nothingOnThePagesNeedsMoreThanThePolicyAllows() {
    for (String path :
        Set.of("/docs", "/docs/errors", "/docs/limits", "/docs/settings", "/docs/states")) {
      Answer page = CLIENT.get(path);
      assertThat(page.header("Content-Security-Policy").orElse(""))
          .contains("default-src 'none'")
          .doesNotContain("unsafe")
          .doesNotContain("http");
      assertThat(page.text())
          .doesNotContain("<style", "style=", "onclick", "onload")
          .doesNotContainPattern("(?i)(href|src|action|url\\()\\s*=?\\s*[\"']?(https?:|//)")
          .doesNotContainPattern("<script(?! src=)");
    }
  }

  @Test
  void theTypeOfEveryProblemLeadsToItsEntry() {
    String page = CLIENT.get("/docs/errors").text();
    for (String code : OpenApi.points().codes()) {
      assertThat(page).contains("<h3 id=\"" + code + "\">");
    }
  }
}
