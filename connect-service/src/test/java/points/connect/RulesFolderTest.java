package points.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import points.service.TestService;
import points.service.contract.Answer;

/** What the operator's folder may do at a start, and what it may not. */
class RulesFolderTest {
  @TempDir private Path folder;

  @BeforeEach
  void first() throws IOException {
    write(100, "");
  }

  private void write(int points, String comment) throws IOException {
    Files.writeString(folder.resolve("gift.yaml"), rule(points, comment));
  }

  private static String rule(int points, String comment) {
    return """
    name: gift
    event: quest.completed
    rewards: [{to: '"user:" + event.user_id', points: %d, reason: test.gift}] # %s
    """
        .formatted(points, comment);
  }

  private TestConnect connect() {
    return TestConnect.start(
        TestService.shared(), Map.of("rules.folder", folder.toString(), "dispatch.senders", "1"));
  }

  private static Answer rule(TestConnect connect) {
    return connect.person("admin").get("/rules/gift");
  }

  @Test
  void itChangesItsOwnRulesAtEveryStart() throws IOException {
    try (TestConnect connect = connect()) {
      connect.restart();
      assertThat(rule(connect).member("revisions")).hasSize(1);
      write(150, "");
      connect.restart();
      assertThat(rule(connect).number("revision_in_force")).isEqualTo(2);
      assertThat(rule(connect).member("activations/0/from").asText())
          .isEqualTo("1970-01-01T00:00:00Z");
    }
  }

  @Test
  void aRuleThatAPersonHasChangedItSavesAsADraftOnly() throws IOException {
    try (TestConnect connect = connect()) {
      Answer saved =
          connect.person("admin").send("PUT", "/rules/gift", Map.of("yaml", rule(250, "by admin")));
      write(100, "a draft of a person counts, also before it is in force");
      connect.restart();
      assertThat(rule(connect).number("revision_in_force")).isEqualTo(1);
      activate(connect, "approver", (int) saved.number("revision"));
      write(100, "a comment");
      connect.restart();
      connect.restart();
      Answer rule = rule(connect);
      assertThat(rule.number("revision_in_force")).isEqualTo(2);
      assertThat(rule.number("newest_revision")).isEqualTo(4);
      assertThat(rule.member("revisions/3/author").asText()).isEqualTo("folder");
      activate(connect, "admin", 4);
      assertThat(rule(connect).number("revision_in_force")).isEqualTo(4);
    }
  }

  @Test
  void whatAPersonHasPutBackIntoForceStays() throws IOException {
    try (TestConnect connect = connect()) {
      write(150, "");
      connect.restart();
      activate(connect, "admin", 1);
      write(150, "a comment");
      connect.restart();
      assertThat(rule(connect).number("revision_in_force")).isEqualTo(1);
    }
  }

  private static void activate(TestConnect connect, String who, int revision) {
    Answer answer =
        connect.person(who).post("/rules/gift/revisions/" + revision + "/activate", Map.of());
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
  }

  @Test
  void aTextThatWasSavedWhenTheProcessDiedComesIntoForceAtTheNextStart() throws Exception {
    try (TestConnect connect = connect()) {
      try (var connection = connect.connect();
          var statement = connection.createStatement()) {
        statement.execute("DELETE FROM activation");
      }
      connect.restart();
      assertThat(rule(connect).number("revision_in_force")).isEqualTo(1);
      assertThat(rule(connect).member("activations/0/from").asText())
          .isEqualTo("1970-01-01T00:00:00Z");
    }
  }
}
