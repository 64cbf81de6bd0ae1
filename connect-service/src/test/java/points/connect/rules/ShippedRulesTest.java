package points.connect.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import points.connect.events.EventSchemas;

class ShippedRulesTest {
  private static final Path RULES = Path.of("..", "rules");

  @Test
  void everyShippedRuleIsGoodAndEveryEventHasOne() throws IOException {
    RuleReader reader = new RuleReader(EventSchemas.shipped().types());
    Set<String> covered = new TreeSet<>();
    for (Path file : files()) {
      CheckedRule rule = reader.read(Files.readString(file));
      assertThat(file.getFileName()).hasToString(rule.rule().name() + ".yaml");
      covered.add(rule.rule().event());
    }
    assertThat(covered)
        .containsExactlyElementsOf(
            EventSchemas.shipped().types().stream().map(EventType::name).sorted().toList());
  }

  @Test
  void theExampleInTheDocsIsGood() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "operating", "rules.md"));
    String example = page.split("```yaml\n", 2)[1].split("```", 2)[0];
    CheckedRule rule = new RuleReader(EventSchemas.shipped().types()).read(example);
    assertThat(rule.limits()).hasSize(2);
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(RULES)) {
      return files.sorted().toList();
    }
  }
}
