package points.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's tour is run as it is written; every answer has at least what the README shows. */
class ReadmeTest {
  private static final Pattern STEP =
      Pattern.compile("```sh\n(.*?)```\n```json\n(.*?)```", Pattern.DOTALL);
  private static final Pattern OWN =
      Pattern.compile(
          "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"
              + "|\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Step(String command, JsonNode answer) {}

  @Test
  void theTour(@TempDir Path folder) throws Exception {
    List<Step> steps = steps();
    assertThat(steps).hasSizeGreaterThanOrEqualTo(6);
    try (Installation points = Installation.start(folder.resolve("data"))) {
      StringBuilder script = new StringBuilder("set -eu\n");
      for (int i = 0; i < steps.size(); i++) {
        String command =
            steps
                .get(i)
                .command()
                .replace("http://127.0.0.1:8080", points.url())
                .replace("http://127.0.0.1:8081", points.url("Connect Service"));
        script.append("{\n").append(command).append("\n} > answer-" + i + "\n");
      }
      Path file = Files.writeString(folder.resolve("tour.sh"), script);
      Process tour =
          new ProcessBuilder("bash", file.toString())
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(new File(folder.toFile(), "tour.out"))
              .start();
      assertThat(tour.waitFor()).as(Files.readString(folder.resolve("tour.out"))).isZero();
      for (int i = 0; i < steps.size(); i++) {
        JsonNode answer = JSON.readTree(Files.readString(folder.resolve("answer-" + i)));
        requirePart(steps.get(i).answer(), answer, steps.get(i).command());
      }
    }
  }

  private static List<Step> steps() throws Exception {
    String readme = Files.readString(Repository.root().resolve("README.md"));
    int start = readme.indexOf("<!-- tour -->");
    int end = readme.indexOf("<!-- end of tour -->");
    assertThat(start).isPositive().isLessThan(end);
    List<Step> steps = new ArrayList<>();
    Matcher step = STEP.matcher(readme.substring(start, end));
    while (step.find()) {
      steps.add(new Step(step.group(1), JSON.readTree(step.group(2))));
    }
    return steps;
  }

  /** All that is shown must be there; ids and times are everyone's own. */
  private static void requirePart(JsonNode shown, JsonNode answer, String where) {
    if (shown.isObject()) {
      for (var field : shown.properties()) {
        JsonNode value = answer.get(field.getKey());
        assertThat(value).as(where + " " + field.getKey() + " in " + answer).isNotNull();
        requirePart(field.getValue(), value, where + " " + field.getKey());
      }
    } else if (shown.isArray()) {
      assertThat(answer).as(where + " in " + answer).hasSameSizeAs(shown);
      for (int i = 0; i < shown.size(); i++) {
        requirePart(shown.get(i), answer.get(i), where + " " + i);
      }
    } else if (OWN.matcher(shown.asText()).matches()) {
      assertThat(answer.asText()).as(where).matches(OWN);
    } else {
      assertThat(answer).as(where).isEqualTo(shown);
    }
  }
}
