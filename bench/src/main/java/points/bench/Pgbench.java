package points.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Baseline A: pgbench calls one stored function per credit, on the same PostgreSQL, on tables of
 * the same columns and indexes, every fifth call a repetition.
 */
final class Pgbench {
  private static final String SCHEMA = "baseline";
  private static final String SCRIPT =
      """
      \\set again random(1, 5)
      \\if :again > 1
      \\set account random(1, :accounts)
      \\set key random(1, 9000000000000000000)
      \\endif
      SELECT credit('user:' || :account, 10, 'credit-' || :key);
      """;

  private static final Pattern TPS = Pattern.compile("tps = ([0-9.]+)");
  private static final Pattern LATENCY = Pattern.compile("latency average = ([0-9.]+) ms");

  /**
   * What a run gave.
   *
   * @param clientTime the processor time of pgbench itself
   */
  record Result(int clients, double perSecond, double meanMillis, Duration clientTime) {}

  private final Path program;
  private final Subject subject;
  private final Path script;

  private Pgbench(Path program, Subject subject, Path script) {
    this.program = program;
    this.subject = subject;
    this.script = script;
  }

  /** Where pgbench is: on the PATH or where Debian's packages put it. */
  static Optional<Path> find() {
    Stream<Path> onPath =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1)).map(Path::of);
    Stream<Path> debian = Stream.empty();
    try (Stream<Path> versions =
        Files.exists(Path.of("/usr/lib/postgresql"))
            ? Files.list(Path.of("/usr/lib/postgresql"))
            : Stream.empty()) {
      debian = versions.map(v -> v.resolve("bin")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Stream.concat(onPath, debian)
        .map(folder -> folder.resolve("pgbench"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Makes the tables and the function. */
  static Pgbench prepare(Path program, Subject subject, Path folder)
      throws IOException, SQLException {
    String url = "jdbc:postgresql://127.0.0.1:" + subject.postgresPort() + "/points";
    try (Connection connection =
            DriverManager.getConnection(url, "points", subject.databasePassword());
        Statement statement = connection.createStatement()) {
      statement.execute(resource("baseline.sql"));
    }
    Path script = Files.writeString(folder.resolve("baseline.pgbench"), SCRIPT);
    return new Pgbench(program, subject, script);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Pgbench.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException(name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Runs it with so many clients. */
  Result run(int clients, int accounts, Duration time) throws IOException {
    List<String> command =
        List.of(
            program.toString(),
            "--no-vacuum",
            "--protocol=prepared",
            "--client=" + clients,
            "--jobs=" + Math.min(clients, 2),
            "--time=" + time.toSeconds(),
            "--define=accounts=" + accounts,
            "--define=account=1",
            "--define=key=" + System.nanoTime(),
            "--file=" + script,
            "--host=127.0.0.1",
            "--port=" + subject.postgresPort(),
            "--username=points",
            "points");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PGPASSWORD", subject.databasePassword());
    builder.environment().put("PGOPTIONS", "-c search_path=" + SCHEMA);
    Duration before = CpuTime.ofBuried();
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("pgbench failed: " + said.strip());
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while pgbench ran", e);
    }
    return new Result(
        clients, number(TPS, said), number(LATENCY, said), CpuTime.ofBuried().minus(before));
  }

  private static double number(Pattern pattern, String text) throws IOException {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IOException("pgbench said something else than expected: " + text.strip());
    }
    return Double.parseDouble(matcher.group(1));
  }
}
