package points.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import points.bench.micro.Micro;

/** {@code ./points bench}: starts what it measures, measures it, and says how it compares. */
@Command(name = "points bench", sortOptions = false, mixinStandardHelpOptions = true)
public final class Main implements Callable<Integer> {
  @Option(names = "--quick", description = "in less than three minutes, with little data")
  private boolean quick;

  @Option(
      names = "--micro",
      description = "run the benchmarks within one process instead: the rules, JSON in and out")
  private boolean micro;

  @Option(names = "--rounds", description = "how often everything is measured")
  private int rounds;

  @Option(names = "--seconds", description = "how long each measurement takes")
  private int seconds;

  @Option(names = "--preload", description = "how many transactions are there before the last part")
  private long preload = -1;

  @Option(
      names = "--only",
      description = "measure one scenario, as often as there are rounds: ${COMPLETION-CANDIDATES}")
  private @Nullable Scenario only;

  @Option(names = "--out", description = "the folder for the results")
  private @Nullable Path out;

  @Option(names = "--java-opts", description = "options for the JVM of the service")
  private String javaOptions = "";

  private Main() {}

  /**
   * Runs it and exits with its status: 0 if it could measure, 2 if pgbench is missing or the
   * command line wrong, 3 if something failed.
   */
  public static void main(String[] arguments) {
    CommandLine line = new CommandLine(new Main());
    line.setParameterExceptionHandler(
        (e, given) -> {
          line.getErr().println("points: " + e.getMessage() + " (see ./points bench --help)");
          return 2;
        });
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          if (e instanceof IOException) {
            line.getErr().println("points: " + e.getMessage());
            return 3;
          }
          throw e;
        });
    System.exit(line.execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    if (micro) {
      Micro.run(quick ? 1 : 5);
      return 0;
    }
    Optional<Path> pgbench = Pgbench.find();
    if (pgbench.isEmpty()) {
      System.err.println(
          "points: pgbench is not installed: install the package 'postgresql-contrib', or"
              + " PostgreSQL's own packages, and put pgbench on the PATH");
      return 2;
    }
    Path launcher = Path.of(System.getProperty("points.launcher", "points")).toAbsolutePath();
    Path folder = Files.createTempDirectory("points-bench");
    try {
      measure(launcher, folder, pgbench.get());
      return 0;
    } finally {
      delete(folder);
    }
  }

  private void measure(Path launcher, Path folder, Path pgbench) throws IOException, SQLException {
    Instant begin = Instant.now();
    Results results = new Results();
    Path data = folder.resolve("data");
    say("starting ./points run");
    try (Subject subject = Subject.start(launcher, data, javaOptions);
        Bench bench =
            new Bench(subject, Pgbench.prepare(pgbench, subject, folder), size(), this::say)) {
      if (only != null) {
        System.out.print(Table.of(repeated(bench, only)));
        return;
      }
      new Course(bench, results, this::say, quick).run(rounds(), transactions());
    }
    say("starting it again on the same data");
    double ready;
    try (Subject again = Subject.start(launcher, data, javaOptions)) {
      ready = again.startTime().toMillis() / 1e3;
    }
    List<Bar> bars = Bar.of(results, ready);
    System.out.println();
    System.out.print(Table.of(results.rows()));
    System.out.println();
    bars.forEach(bar -> System.out.println(bar.text()));
    Path target = out == null ? launcher.resolveSibling("bench/results") : out;
    System.out.println("\n" + Report.write(target, begin, results.rows(), bars));
  }

  private List<Results.Row> repeated(Bench bench, Scenario scenario) throws IOException {
    Results results = new Results();
    scenario.prepare(bench);
    for (int round = 1; round <= rounds(); round++) {
      results.add(scenario.measure(bench).named(scenario + ", round " + round));
    }
    return results.rows();
  }

  private Bench.Size size() {
    Duration time = Duration.ofSeconds(seconds > 0 ? seconds : quick ? 4 : 10);
    return new Bench.Size(Duration.ofSeconds(quick ? 1 : 3), time, 100_000);
  }

  private int rounds() {
    return rounds > 0 ? rounds : quick ? 1 : 3;
  }

  private long transactions() {
    return preload >= 0 ? preload : quick ? 100_000 : 10_000_000;
  }

  private void say(String text) {
    System.out.println(text);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
