package points.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every scenario does what it says, on a real service; how fast is not asked here. */
class BenchTest {
  private static final Bench.Size SHORT =
      new Bench.Size(Duration.ofMillis(200), Duration.ofMillis(500), 100);

  @TempDir private Path folder = Path.of("");

  @Test
  void everyScenarioSucceedsAndTheBaselineIsIdempotent() throws Exception {
    try (Subject subject = Subject.start(launcher(), folder.resolve("data"), "")) {
      Pgbench baseline = Pgbench.prepare(Path.of("unused"), subject, folder);
      try (Bench bench = new Bench(subject, baseline, SHORT, line -> {})) {
        bench.fund(50);
        long before = transactions(subject);
        bench.preload(2_000, 100);
        assertThat(transactions(subject)).isEqualTo(before + 2_000);
        for (Measured measured :
            List.of(
                bench.credits(1),
                bench.credits(16),
                bench.hotAccount(),
                bench.batches(),
                bench.mix(),
                bench.events(),
                bench.steady(200),
                bench.overload())) {
          assertThat(measured.failed()).as(measured.scenario()).isZero();
          assertThat(measured.perSecond()).as(measured.scenario()).isPositive();
          assertThat(measured.batchSize()).as(measured.scenario()).isGreaterThanOrEqualTo(1);
          assertThat(measured.serviceCpu()).as(measured.scenario()).isPositive();
          assertThat(measured.postgresCpu()).as(measured.scenario()).isPositive();
          assertThat(measured.residentBytes()).as(measured.scenario()).isGreaterThan(10 << 20);
        }
      }
      baselineIsIdempotent(subject);
    }
  }

  private static void baselineIsIdempotent(Subject subject) throws Exception {
    try (Connection connection = connect(subject);
        Statement statement = connection.createStatement()) {
      statement.execute("SET search_path = baseline");
      for (int i = 0; i < 2; i++) {
        statement.execute("SELECT credit('user:1', 10, 'credit-1')");
      }
      statement.execute("SELECT credit('user:1', 10, 'credit-2')");
      assertThat(number(statement, "SELECT available FROM account WHERE account = 'user:1'"))
          .isEqualTo(20);
      assertThat(number(statement, "SELECT count(*) FROM transaction")).isEqualTo(2);
    }
  }

  private static long transactions(Subject subject) throws Exception {
    try (Connection connection = connect(subject);
        Statement statement = connection.createStatement()) {
      return number(statement, "SELECT count(*) FROM points.transaction");
    }
  }

  private static long number(Statement statement, String query) throws Exception {
    try (ResultSet rows = statement.executeQuery(query)) {
      assertThat(rows.next()).isTrue();
      return rows.getLong(1);
    }
  }

  private static Connection connect(Subject subject) throws Exception {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + subject.postgresPort() + "/points",
        "points",
        subject.databasePassword());
  }

  /** Starts what this test was built with, as the launcher starts what was packaged. */
  private Path launcher() throws IOException {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.add("-Dpoints.rules=" + Path.of("..", "rules").toAbsolutePath().normalize());
    words.addAll(
        List.of(
            "-Xmx256m", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp"));
    StringBuilder classPath = new StringBuilder();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      classPath.append(Path.of(entry).toAbsolutePath()).append(File.pathSeparator);
    }
    words.add("'" + classPath + "'");
    words.add("points.allinone.Main");
    Path script = folder.resolve("points");
    Files.writeString(script, "#!/bin/sh\nexec " + String.join(" ", words) + " \"$@\"\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }
}
