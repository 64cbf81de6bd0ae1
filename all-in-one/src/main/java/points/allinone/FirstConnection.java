package points.allinone;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for a PostgreSQL that was just started, and finds out why if it does not come.
 *
 * @param port where it is to listen
 */
record FirstConnection(Cluster cluster, int port) {
  private static final Logger LOG = LoggerFactory.getLogger(FirstConnection.class);
  private static final Duration START_TIME = Duration.ofSeconds(60);
  private static final Duration TELL_AFTER = Duration.ofSeconds(3);

  /** Backends of a killed server can hold its memory for a moment, and a start then fails. */
  private static final int LAUNCHES_MAX = 20;

  private static final Duration BETWEEN_LAUNCHES = Duration.ofMillis(250);
  private static final int LOG_BYTES = 8_192;
  private static final String STARTING_UP = "57P03";
  private static final String WRONG_PASSWORD = "28P01";

  /** Starts the server again if it has ended, and says whether it had. */
  interface Relauncher {
    boolean relaunchIfEnded() throws IOException;
  }

  /**
   * Returns when the server takes connections. How long it may recover after a crash depends on how
   * much there is to recover, so that is waited for.
   *
   * @throws IOException if it does not start
   */
  void await(Relauncher relauncher) throws IOException {
    long deadline = System.nanoTime() + START_TIME.toNanos();
    long worthTelling = System.nanoTime() + TELL_AFTER.toNanos();
    int launches = 0;
    boolean recovering = false;
    while (true) {
      String state = tryOnce();
      if (state.isEmpty()) {
        return;
      }
      if (state.equals(WRONG_PASSWORD)) {
        throw new IOException(
            Passwords.file(home()) + " does not fit the PostgreSQL beside it: restore it.");
      }
      if (state.equals(STARTING_UP)) {
        deadline = System.nanoTime() + START_TIME.toNanos();
        if (!recovering && System.nanoTime() > worthTelling) {
          LOG.info("PostgreSQL recovers what was under way when it was ended");
          recovering = true;
        }
      }
      if (relauncher.relaunchIfEnded()) {
        launches++;
        pauseBetweenLaunches();
      }
      if (launches > LAUNCHES_MAX || System.nanoTime() > deadline) {
        throw new IOException("PostgreSQL does not start" + reason() + "; see " + cluster.log());
      }
      Pause.shortly();
    }
  }

  private Path home() {
    return Objects.requireNonNull(cluster.directory().getParent());
  }

  /** The SQL state that a connection fails with, or nothing if it does not. */
  private String tryOnce() {
    try {
      open(cluster.passwords(), port).close();
      return "";
    } catch (SQLException e) {
      return Objects.requireNonNullElse(e.getSQLState(), "?");
    }
  }

  /** A connection of the superuser. */
  static Connection open(Passwords passwords, int port) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", Passwords.SUPERUSER);
    properties.setProperty("password", passwords.superuser());
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "60");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres", properties);
  }

  /** What the server said last before it ended. */
  private String reason() throws IOException {
    String[] said = end(cluster.log()).split("\n", -1);
    for (int i = said.length - 1; i >= 0; i--) {
      int fatal = said[i].indexOf("FATAL:");
      if (fatal >= 0 || said[i].startsWith("unshare:")) {
        String hint = fatal < 0 ? PostgresBinaries.rootHint() : "";
        return " (" + said[i].substring(Math.max(0, fatal)).strip() + ")" + hint;
      }
    }
    return "";
  }

  /** The end of a file that may have grown long. */
  private static String end(Path file) throws IOException {
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      long start = Math.max(0, log.length() - LOG_BYTES);
      log.seek(start);
      byte[] bytes = new byte[(int) (log.length() - start)];
      log.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private static void pauseBetweenLaunches() {
    try {
      Thread.sleep(BETWEEN_LAUNCHES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while PostgreSQL started", e);
    }
  }
}
