package points.allinone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL of our own in a directory: made, started, watched over and stopped. Durable as any
 * other: fsync, synchronous_commit and full_page_writes are on. It listens on the loopback address
 * only and asks everybody for a password. Thread-safe.
 *
 * <p>If this process is killed, PostgreSQL runs on; the next start on the directory stops it in
 * good order and starts its own.
 */
final class Postgres implements AutoCloseable {
  private static final Duration LAST_MOMENT = Duration.ofSeconds(10);
  private static final Logger LOG = LoggerFactory.getLogger(Postgres.class);
  private static final Duration BETWEEN_RESTARTS = Duration.ofMillis(500);

  private final Cluster cluster;
  private final int port;
  private Process process;
  private boolean stopping;
  private @Nullable Writeback writeback;

  private Postgres(Cluster cluster, int port, Process process) {
    this.cluster = cluster;
    this.port = port;
    this.process = process;
  }

  /**
   * Starts PostgreSQL in {@code home}, making what is missing; returns when it takes connections.
   *
   * @throws IOException with one line that says what is wrong
   */
  static Postgres start(Path home) throws IOException {
    Cluster cluster = Cluster.in(home);
    ServerProcess.stopLeftOver(cluster.directory());
    int port = freePort();
    Postgres postgres = new Postgres(cluster, port, cluster.launch(port));
    try {
      new FirstConnection(cluster, port).await(postgres::relaunchIfEnded);
      postgres.createDatabase();
      postgres.writeback = Writeback.start(cluster.directory());
    } catch (IOException | RuntimeException e) {
      postgres.close();
      throw e;
    }
    Thread.ofPlatform().name("postgres-watch").daemon().start(postgres::watch);
    return postgres;
  }

  /**
   * The address of the database in a directory whose PostgreSQL another process runs.
   *
   * @throws IOException if none does
   */
  static String urlOfRunning(Path home) throws IOException {
    Path lock = ServerProcess.lockFile(home.resolve("postgres"));
    List<String> lines = Files.exists(lock) ? Files.readAllLines(lock) : List.of();
    // The fourth line is the port (PostgreSQL's source, src/include/utils/pidfile.h).
    if (lines.size() < 4 || !lines.get(3).strip().matches("\\d{1,5}")) {
      throw new IOException("no PostgreSQL runs in " + home + "; give --database-url.");
    }
    return Passwords.in(home).url(Integer.parseInt(lines.get(3).strip()));
  }

  /** The address of the database {@code points}, for its owner, who is no superuser. */
  String url() {
    return cluster.passwords().url(port);
  }

  /** The process id of the postmaster. */
  synchronized long pid() {
    return process.pid();
  }

  private void createDatabase() throws IOException {
    try (Connection connection = FirstConnection.open(cluster.passwords(), port);
        Statement statement = connection.createStatement()) {
      if (isMissing(statement, "SELECT FROM pg_roles WHERE rolname = 'points'")) {
        // The password is of our own making: letters, digits, '-' and '_'.
        statement.execute(
            "CREATE ROLE points LOGIN PASSWORD '" + cluster.passwords().owner() + "'");
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

  /**
   * Starts PostgreSQL again whenever it ends without our doing; also while everything is going
   * down, as those who are to finish what they have accepted need it, and wait for it otherwise.
   */
  private void watch() {
    try {
      while (!isStopping()) {
        int status = current().waitFor();
        if (!isStopping()) {
          LOG.error("PostgreSQL has ended with status {}; starting it again", status);
          restart();
          Thread.sleep(BETWEEN_RESTARTS); // not faster, if it ends at once
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void restart() {
    try {
      ServerProcess.stopLeftOver(cluster.directory());
      boolean unused = relaunchIfEnded();
    } catch (IOException e) {
      LOG.error("PostgreSQL cannot be started again, trying once more", e);
    }
  }

  private synchronized boolean isStopping() {
    return stopping;
  }

  private synchronized Process current() {
    return process;
  }

  /** Once we are stopping, nothing is launched any more that nobody would stop. */
  private synchronized boolean relaunchIfEnded() throws IOException {
    if (stopping || process.isAlive()) {
      return false;
    }
    process = cluster.launch(port);
    return true;
  }

  /** Stops it: connections are ended, what was committed is on disk anyway. */
  @Override
  public void close() throws IOException {
    if (writeback != null) {
      writeback.close();
    }
    Process last;
    synchronized (this) {
      stopping = true;
      last = process;
    }
    new ServerProcess(last.toHandle(), cluster.directory()).stop();
    if (last.isAlive()) {
      last.destroy(); // it may have been started so lately that it is not at work in its directory
    }
    try {
      // It gives its directory free a moment before it ends.
      boolean unused = last.waitFor(LAST_MOMENT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
