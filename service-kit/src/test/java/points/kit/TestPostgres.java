package points.kit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL for tests, as durable as a real one (zonky's own defaults are not). {@link
 * #shared()} is one for the whole JVM, from which tests take databases of their own; {@link
 * #start(Map)} is one of a test's own, to kill and restart. Works as root. Safe for use by many
 * threads.
 */
public final class TestPostgres implements AutoCloseable {

  private static final String USER = "postgres";
  private static final Duration START_TIME = Duration.ofSeconds(60);
  private static final AtomicInteger serial = new AtomicInteger();
  private static @Nullable TestPostgres shared;

  private final EmbeddedPostgres embedded;
  private final Path data;
  private final Path binaries;
  private final List<String> options;

  private TestPostgres(EmbeddedPostgres embedded, Path data, Map<String, String> settings)
      throws IOException {
    this.embedded = embedded;
    this.data = data;
    this.options = options(embedded.getPort(), settings);
    this.binaries =
        Objects.requireNonNull(Path.of("/proc/" + pid() + "/exe").toRealPath().getParent());
  }

  private static List<String> options(int port, Map<String, String> settings) {
    List<String> options = new ArrayList<>(List.of("-p", Integer.toString(port)));
    settings.forEach((name, value) -> options.addAll(List.of("-c", name + "=" + value)));
    return options;
  }

  /** The server that all tests of this JVM share; it ends with the JVM. Never kill this one. */
  public static synchronized TestPostgres shared() {
    TestPostgres running = shared;
    if (running == null) {
      running = start(Map.of());
      shared = running;
      // In the end its data are thrown away: to bring hundreds of databases to the disk before
      // that would take half a minute. SIGQUIT leaves it out.
      long pid = running.pid();
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> run(List.of("kill", "-s", "QUIT", Long.toString(pid)))));
    }
    return running;
  }

  /**
   * Starts a server of its own.
   *
   * @param settings over the durable ones, for example {@code fsync} to {@code off}
   */
  public static TestPostgres start(Map<String, String> settings) {
    Map<String, String> all =
        new TreeMap<>(
            Map.of(
                "fsync", "on",
                "synchronous_commit", "on",
                "full_page_writes", "on",
                "max_connections", "300"));
    all.putAll(settings);
    try {
      Path data = Files.createTempDirectory("test-postgres");
      var builder =
          EmbeddedPostgres.builder()
              .setDataDirectory(data)
              .setCleanDataDirectory(true)
              .setPGStartupWait(START_TIME);
      all.forEach(builder::setServerConfig);
      return new TestPostgres(builder.start(), data, all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A fresh, empty database of a unique name, as an address for {@link DatabaseUrl#parse}. */
  public String newDatabase() {
    String name = "test_" + ProcessHandle.current().pid() + "_" + serial.incrementAndGet();
    try (Connection connection = connect("postgres");
        var statement = connection.createStatement()) {
      // template0 has no connections that could be in the way; the copy is a few megabytes.
      statement.execute("CREATE DATABASE " + name + " TEMPLATE template0 STRATEGY wal_log");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return url(name);
  }

  /** The address of a database, in the form {@code postgresql://…}. */
  public String url(String database) {
    return "postgresql://" + USER + "@127.0.0.1:" + port() + "/" + database;
  }

  /** A plain connection to a database, past any pool. */
  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port() + "/" + database, USER, "");
  }

  /** The port, which stays the same over restarts. */
  public int port() {
    return embedded.getPort();
  }

  /** The data directory. */
  public Path dataDirectory() {
    return data;
  }

  /** The process id of the postmaster. */
  public long pid() {
    try {
      return Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills the postmaster as {@code kill -9} does, and waits until its backends are gone too. */
  public void kill() {
    ProcessHandle postmaster = ProcessHandle.of(pid()).orElseThrow();
    List<ProcessHandle> backends = postmaster.children().toList();
    postmaster.destroyForcibly();
    await(postmaster);
    // They notice by themselves that their parent has died, but not at once.
    backends.forEach(ProcessHandle::destroyForcibly);
    backends.forEach(TestPostgres::await);
  }

  /** Stops the postmaster in its tracks ({@code SIGSTOP}) or lets it run on ({@code SIGCONT}). */
  public void signal(String name) {
    run(List.of("kill", "-s", name, Long.toString(pid())));
  }

  /** Starts the server again after {@link #kill()}, on its port; returns when it has recovered. */
  public void restart() {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.addAll(
        List.of(
            binaries.resolve("pg_ctl").toString(),
            "-D",
            data.toString(),
            "-l",
            data.resolve("restart.log").toString(),
            "-t",
            Long.toString(START_TIME.toSeconds()),
            "-o",
            String.join(" ", options),
            "-w",
            "start"));
    run(command);
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static void run(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(START_TIME.toSeconds() + 5, TimeUnit.SECONDS)
          || process.exitValue() != 0) {
        throw new IllegalStateException("failed: " + String.join(" ", command));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void await(ProcessHandle process) {
    try {
      process.onExit().get(START_TIME.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("process " + process.pid() + " does not end", e);
    }
  }

  @Override
  public void close() {
    try {
      embedded.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
