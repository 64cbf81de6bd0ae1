package points.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks pass a true history, and find each thing that somebody did to it afterwards. */
class ChecksTest {
  private static final long OPERATIONS = 250;
  private static final String UNHINDERED = "SET session_replication_role = replica; ";

  @Test
  void theyFindWhatWasDoneToTheBooks(@TempDir Path folder) throws Exception {
    Programs programs = Programs.in(folder);
    Stage stage = new Stage(folder, programs, 1, Scale.QUICK, System.out);
    try (Field field = Field.open(stage);
        Workload workload = new Workload(field.nodes().stream().map(Node::url).toList())) {
      workload.start(new SplittableRandom(1));
      while (workload.calls().size() < OPERATIONS) {
        Server.pause(50);
      }
      workload.stop();
      Map<String, Long> figures = check(field, workload);
      assertThat(figures.get("operations")).isGreaterThanOrEqualTo(OPERATIONS);
      assertThat(figures.get("steps replayed on the model")).isEqualTo(figures.get("operations"));
      // From here on the processes must not repair or freeze anything themselves.
      tamper(field, "UPDATE account SET available = available + 1 WHERE account = 'user:hot0'");
      requireFound(field, workload, "not what the model does");
      tamper(field, "UPDATE account SET available = available - 1 WHERE account = 'user:hot0'");
      tamper(field, "DELETE FROM refusal WHERE ctid = (SELECT ctid FROM refusal LIMIT 1)");
      requireFound(field, workload, "refusals: ");
      tamper(
          field,
          "DELETE FROM transaction WHERE ctid ="
              + " (SELECT ctid FROM transaction WHERE type = 'debit' LIMIT 1)");
      requireFound(field, workload, "acknowledged and lost");
    }
  }

  private static Map<String, Long> check(Field field, Workload workload) throws Exception {
    List<java.net.URI> services = field.nodes().stream().map(Node::url).toList();
    try (Follower follower = new Follower(services)) {
      return Checks.all(workload, field.server(), follower);
    }
  }

  private static void tamper(Field field, String sql) throws Exception {
    field.server().run(Field.DATABASE, UNHINDERED + sql);
  }

  private static void requireFound(Field field, Workload workload, String what) {
    assertThatThrownBy(() -> check(field, workload))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(what);
  }
}
