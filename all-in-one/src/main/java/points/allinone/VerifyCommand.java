package points.allinone;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import points.kit.Database;
import points.kit.Settings;
import points.service.PointsService;
import points.service.Verification;

/** Recomputes every account from its history; exits with 1 if something does not add up. */
@Command(name = "verify")
final class VerifyCommand implements Callable<Integer> {
  @Option(names = "--data")
  private Path data = Path.of("data");

  @Option(names = "--database-url")
  private @Nullable String databaseUrl;

  @Override
  public Integer call() throws Exception {
    RunCommand.requireNamed(data);
    return verify(data, databaseUrl);
  }

  /**
   * Verifies the database in a data directory, whether it is in use or not, or any other.
   *
   * @return the exit status
   */
  static int verify(Path data, @Nullable String databaseUrl) throws Exception {
    Settings.Builder builder = Settings.of(PointsService.PREFIX, PointsService.settings());
    builder.environment(System.getenv()).ignoring("POINTS_JAVA_OPTS");
    if (databaseUrl != null) {
      builder.override("database.url", databaseUrl);
    }
    Settings settings = builder.load();
    if (settings.find(Database.URL) != null) {
      return verify(settings);
    }
    if (!Cluster.isIn(data)) {
      throw new IOException("there is no database in " + data + "; give --data or --database-url.");
    }
    try (DataDirectory home = DataDirectory.take(data)) {
      if (home == null) {
        return verify(builder.override("database.url", Postgres.urlOfRunning(data)).load());
      }
      try (Postgres postgres = Postgres.start(home.path())) {
        return verify(builder.override("database.url", postgres.url()).load());
      }
    }
  }

  private static int verify(Settings settings) throws InterruptedException {
    long start = System.nanoTime();
    Verification.Summary summary =
        Verification.run(
            settings.get(Database.URL),
            (accounts, transactions) ->
                System.err.printf(
                    "checked %,d accounts, %,d transactions%n", accounts, transactions));
    List<String> findings = summary.findings();
    findings.forEach(System.out::println);
    System.out.printf(
        "%s: %,d accounts, %,d transactions, %,d findings, %.1f s%n",
        findings.isEmpty() ? "the books are right" : "THE BOOKS ARE WRONG",
        summary.accounts(),
        summary.transactions(),
        findings.size(),
        (System.nanoTime() - start) / 1e9);
    return findings.isEmpty() ? 0 : 1;
  }
}
