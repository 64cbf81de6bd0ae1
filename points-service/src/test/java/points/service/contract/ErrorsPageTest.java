package points.service.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/reference/errors.md} lists the errors of the contract: all of them, and no others but
 * Connect's own, which have a part for themselves.
 */
class ErrorsPageTest {
  private static final Pattern ENTRY =
      Pattern.compile(
          "(?m)^### ([a-z_]+)\\n\\*\\*(\\d{3})(, remembered)?\\.\\*\\* .+\\n\\*\\*Do:\\*\\* .+$");

  @Test
  void itListsTheCodesOfTheContract() throws IOException {
    Map<String, String> listed = new TreeMap<>();
    Matcher entry = ENTRY.matcher(catalogue());
    while (entry.find()) {
      assertThat(entry.group(3) != null).as(entry.group(1)).isEqualTo(entry.group(2).equals("422"));
      listed.put(entry.group(1), entry.group(2));
    }
    // What should never be seen is explained, too, but no operation promises it.
    assertThat(listed.remove("internal")).isEqualTo("500");
    assertThat(listed).isEqualTo(statuses());
  }

  @Test
  void itLeavesNoEntryUnfinished() throws IOException {
    long headings = catalogue().lines().filter(line -> line.startsWith("### ")).count();
    assertThat(headings).isEqualTo(OpenApi.points().codes().size() + 1); // internal
  }

  @Test
  void theLimitsAreThoseOfTheContract() throws IOException {
    String limits = text("limits.md").replace(" ", "").replace("\u00a0", "");
    Place schemas = OpenApi.points().root().at("components", "schemas");
    for (String name : new String[] {"Amount", "Points", "ExpiresIn"}) {
      assertThat(limits).contains(schemas.at(name, "maximum").node().asText());
    }
    assertThat(limits).contains(schemas.at("ExpiresIn", "default").node().asText());
    assertThat(limits)
        .contains(
            schemas.at("ClockRequest", "properties", "advance_seconds", "maximum").node().asText());
  }

  private static String catalogue() throws IOException {
    String page = text("errors.md");
    return page.substring(page.indexOf("## The catalogue"), page.indexOf("## Connect's own"))
        + page.substring(page.indexOf("## A bug"));
  }

  private static Map<String, String> statuses() {
    Map<String, String> statuses = new TreeMap<>();
    for (var schema : OpenApi.points().root().at("components", "schemas").members()) {
      JsonNode properties = schema.getValue().node().path("properties");
      String status = properties.path("status").path("const").asText();
      JsonNode code = properties.path("code");
      code.path("enum").forEach(name -> statuses.put(name.asText(), status));
      if (code.has("const")) {
        statuses.put(code.path("const").asText(), status);
      }
    }
    return statuses;
  }

  private static String text(String file) throws IOException {
    String resource = "/points/service/docs/reference/" + file;
    try (var in = ErrorsPageTest.class.getResourceAsStream(resource)) {
      return new String(
          Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
