package points.allinone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL of our own in a directory: unpacked, initialised, started, watched over and stopped.
 * Durable as any other: fsync, synchronous_commit and full_page_writes are on. It listens on the
 * loopback address only and asks everybody for a password. Thread-safe.
 *
 * <p>If this process is killed, PostgreSQL runs on; the next start on the directory stops it in
 * good order and starts its own.
 */
final class Postgres implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Postgres.class);
  private static final Duration START_TIME = Duration.ofSeconds(60);
  private static final Duration STOP_TIME = Duration.ofSeconds(30);

  private static final List<String> SETTINGS =
      List.of(
          "listen_addresses=127.0.0.1",
          "unix_socket_directories=",
          "fsync=on",
          "synchronous_commit=on",
          "full_page_writes=on",
          "max_connections=60",
          "shared_buffers=256MB",
          "max_wal_size=2GB",
          "password_encryption=scram-sha-256",
          "log_min_messages=warning");

  private final Path directory;
  private final PostgresBinaries binaries;
  private final Passwords passwords;
  private final int port;
  private volatile Process process;
  private volatile boolean stopping;

  private Postgres(
      Path directory, PostgresBinaries binaries, Passwords passwords, int port, Process process) {
    this.directory = directory;
    this.binaries = binaries;
    this.passwords = passwords;
    this.port = port;
    this.process = process;
  }

  /**
   * Starts PostgreSQL in {@code home}, making what is missing; returns when it takes connections.
   *
   * @throws IOException with one line that says what is wrong
   */
  static Postgres start(Path home) throws IOException {
    PostgresBinaries binaries = PostgresBinaries.in(home);
    Passwords passwords = Passwords.in(home);
    Path directory = home.resolve("postgres");
    if (!Files.exists(directory.resolve("PG_VERSION"))) {
      initialise(home, directory, binaries, passwords);
    }
    stopLeftOver(directory);
    int port = freePort();
    Postgres postgres =
        new Postgres(directory, binaries, passwords, port, launch(binaries, directory, port));
    postgres.awaitReady();
    postgres.createDatabase();
    Thread.ofPlatform().name("postgres-watch").daemon().start(postgres::watch);
    return postgres;
  }

  /**
   * The address of the database in a directory whose PostgreSQL another process runs.
   *
   * @throws IOException if none does
   */
  static String urlOfRunning(Path home) throws IOException {
    Path lock = home.resolve("postgres").resolve("postmaster.pid");
    if (!Files.exists(lock)) {
      throw new IOException("no PostgreSQL runs in " + home + "; give --database-url.");
    }
    // The fourth line is the port (PostgreSQL's source, src/include/utils/pidfile.h).
    return Passwords.in(home).url(Integer.parseInt(Files.readAllLines(lock).get(3).strip()));
  }

  /** The address of the database {@code points}, for its owner, who is no superuser. */
  String url() {
    return passwords.url(port);
  }

  /** The process id of the postmaster. */
  long pid() {
    return process.pid();
  }

  /**
   * Makes the cluster aside and moves it into place, so that a start that is killed halfway leaves
   * nothing that looks whole.
   */
  private static void initialise(
      Path home, Path directory, PostgresBinaries binaries, Passwords passwords)
      throws IOException {
    Path aside = home.resolve("postgres.new");
    Directories.delete(aside);
    Directories.delete(directory);
    Path passwordFile = Directories.secretFile(home, "initdb", passwords.superuser());
    try {
      binaries.run(
          "initdb",
          List.of(
              "--pgdata=" + aside,
              "--username=" + Passwords.SUPERUSER,
              "--auth=scram-sha-256",
              "--pwfile=" + passwordFile,
              "--encoding=UTF8",
              "--locale=C",
              "--data-checksums"),
          home.resolve("postgres.log"));
    } finally {
      Files.deleteIfExists(passwordFile);
    }
    Files.move(aside, directory);
  }

  /** Stops a server that an earlier process left behind, and removes a lock that nobody holds. */
  private static void stopLeftOver(Path directory) throws IOException {
    Path lock = directory.resolve("postmaster.pid");
    if (!Files.exists(lock)) {
      return;
    }
    ProcessHandle left =
        ProcessHandle.of(pidIn(lock)).filter(p -> isServerOf(p, directory)).orElse(null);
    if (left == null) {
      Files.deleteIfExists(lock);
      return;
    }
    LOG.info("stopping the PostgreSQL that an earlier process left behind, pid {}", left.pid());
    interrupt(left);
    if (!hasEnded(left, STOP_TIME)) {
      throw new IOException(
          "the PostgreSQL with pid " + left.pid() + " in " + directory + " does not stop; end it");
    }
  }

  private static long pidIn(Path lock) throws IOException {
    List<String> lines = Files.readAllLines(lock);
    try {
      return lines.isEmpty() ? -1 : Long.parseLong(lines.getFirst().strip());
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** Whether this is a PostgreSQL on our directory, and not another process with an old number. */
  private static boolean isServerOf(ProcessHandle process, Path directory) {
    Path commandLine = Path.of("/proc/" + process.pid() + "/cmdline");
    try {
      return Files.readString(commandLine).contains(directory.toString());
    } catch (IOException e) {
      return process.info().command().map(c -> c.contains("postgres")).orElse(false);
    }
  }

  private static Process launch(PostgresBinaries binaries, Path directory, int port)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-D", directory.toString(), "-p", "" + port));
    SETTINGS.forEach(setting -> arguments.addAll(List.of("-c", setting)));
    return binaries.launch("postgres", arguments, directory.resolveSibling("postgres.log"));
  }

  private void awaitReady() throws IOException {
    long deadline = System.nanoTime() + START_TIME.toNanos();
    while (true) {
      try {
        connect(Passwords.SUPERUSER, passwords.superuser(), "postgres").close();
        return;
      } catch (SQLException e) {
        if (System.nanoTime() > deadline) {
          throw new IOException(
              "PostgreSQL does not start; see " + directory.resolveSibling("postgres.log"), e);
        }
      }
      relaunchIfEnded();
      pause();
    }
  }

  /** Backends of a killed server can hold its memory for a moment, and a start then fails. */
  private void relaunchIfEnded() throws IOException {
    if (!process.isAlive()) {
      process = launch(binaries, directory, port);
    }
  }

  private Connection connect(String user, String password, String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("connectTimeout", "5");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, properties);
  }

  private void createDatabase() throws IOException {
    try (Connection connection = connect(Passwords.SUPERUSER, passwords.superuser(), "postgres");
        Statement statement = connection.createStatement()) {
      if (isMissing(statement, "SELECT FROM pg_roles WHERE rolname = 'points'")) {
        // The password is of our own making: letters, digits, '-' and '_'.
        statement.execute("CREATE ROLE points LOGIN PASSWORD '" + passwords.owner() + "'");
      }
      if (isMissing(statement, "SELECT FROM pg_database WHERE datname = 'points'")) {
        statement.execute("CREATE DATABASE points OWNER points");
      }
    } catch (SQLException e) {
      throw new IOException("the database cannot be made: " + e.getMessage(), e);
    }
  }

  private static boolean isMissing(Statement statement, String query) throws SQLException {
    try (var rows = statement.executeQuery(query)) {
      return !rows.next();
    }
  }

  /** Starts PostgreSQL again whenever it ends without our doing. */
  private void watch() {
    while (!stopping) {
      try {
        int status = process.waitFor();
        if (!stopping) {
          LOG.error("PostgreSQL has ended with status {}; starting it again", status);
          stopLeftOver(directory);
          process = launch(binaries, directory, port);
          Thread.sleep(500); // not faster, if it ends at once
        }
      } catch (IOException e) {
        LOG.error("PostgreSQL cannot be started again, trying once more", e);
        pause();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Stops it: connections are ended, what was committed is on disk anyway. */
  @Override
  public void close() {
    stopping = true;
    try {
      interrupt(process.toHandle());
      if (!process.waitFor(STOP_TIME.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("PostgreSQL did not stop in time and is killed; it will recover");
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** SIGINT is PostgreSQL's fast shutdown. */
  private static void interrupt(ProcessHandle server) throws IOException {
    new ProcessBuilder("sh", "-c", "kill -s INT " + server.pid()).start();
  }

  private static boolean hasEnded(ProcessHandle process, Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    while (process.isAlive() && System.nanoTime() < deadline) {
      pause();
    }
    return !process.isAlive();
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for PostgreSQL", e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
