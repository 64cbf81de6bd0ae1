package points.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded PostgreSQL starts from whatever an earlier process has left. */
class PostgresTest {
  @TempDir private static Path home = Path.of("");

  private @Nullable Process leftOver;

  @AfterEach
  void endLeftOver() {
    if (leftOver != null) {
      leftOver.destroyForcibly();
    }
  }

  @Test
  void itIsDurableAndTheServiceIsNoSuperuser() throws Exception {
    try (Postgres postgres = Postgres.start(home)) {
      for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
        assertThat(ask(postgres, "SHOW " + setting)).as(setting).isEqualTo("on");
      }
      assertThat(ask(postgres, "SHOW data_checksums")).isEqualTo("on");
      assertThat(ask(postgres, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(ask(postgres, "SHOW server_encoding")).isEqualTo("UTF8");
      assertThat(ask(postgres, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
          .isEqualTo("f");
      assertThat(
              ask(
                  postgres,
                  "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"))
          .isEqualTo("points");
      Path passwords = Passwords.file(home);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(passwords)))
          .isEqualTo("rw-------");
      String commandLine = Files.readString(Path.of("/proc/" + postgres.pid() + "/cmdline"));
      assertThat(commandLine)
          .doesNotContain(Passwords.in(home).superuser(), Passwords.in(home).owner());
    }
  }

  @Test
  void itsBuffersAreAShareOfTheMemoryWithinBounds() throws Exception {
    long gigabyte = 1L << 30;
    assertThat(Cluster.sharedBuffers(gigabyte / 2)).isEqualTo(gigabyte / 8);
    assertThat(Cluster.sharedBuffers(4 * gigabyte)).isEqualTo(gigabyte / 2);
    assertThat(Cluster.sharedBuffers(64 * gigabyte)).isEqualTo(gigabyte);
    try (Postgres postgres = Postgres.start(home)) {
      String megabytes =
          ask(postgres, "SELECT pg_size_bytes(current_setting('shared_buffers')) >> 20");
      assertThat(megabytes).isEqualTo("" + (Cluster.sharedBuffers(Cluster.memory()) >> 20));
    }
  }

  /** The operating system by itself would begin after 30 s (vm.dirty_expire_centisecs). */
  @Test
  void whatTablesGrowByIsWrittenToDiskWithinSeconds() throws Exception {
    try (Postgres postgres = Postgres.start(home);
        Connection connection = connect(postgres);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE grown AS SELECT repeat('x', 900) FROM generate_series(1, 20000)");
      Path file =
          home.resolve("postgres").resolve(ask(postgres, "SELECT pg_relation_filepath('grown')"));
      Path left = home.resolve("left-to-the-system");
      Files.write(left, new byte[1 << 20]);
      assumeThat(PageCache.dirtyPages(left)).as("on a disk, by Linux 6.5 or newer").isPositive();
      Awaitility.await().atMost(15, TimeUnit.SECONDS).until(() -> PageCache.dirtyPages(file) == 0);
      assertThat(PageCache.dirtyPages(left)).isPositive();
    }
  }

  @Test
  void whenItIsKilledItIsStartedAgainOnTheSamePort() throws Exception {
    try (Postgres postgres = Postgres.start(home)) {
      long first = postgres.pid();
      ProcessHandle.of(first).orElseThrow().destroyForcibly();
      Awaitility.await()
          .atMost(30, TimeUnit.SECONDS)
          .ignoreExceptions()
          .until(() -> ask(postgres, "SELECT 1").equals("1") && postgres.pid() != first);
    }
  }

  @Test
  void afterItIsClosedNoneRuns() throws Exception {
    Postgres postgres = Postgres.start(home);
    ProcessHandle process = ProcessHandle.of(postgres.pid()).orElseThrow();
    postgres.close();
    assertThat(process.isAlive()).isFalse();
    assertThat(ServerProcess.lockFile(home.resolve("postgres"))).doesNotExist();
    assertThatThrownBy(() -> Postgres.urlOfRunning(home))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no PostgreSQL runs in");
  }

  @Test
  void oneThatAnEarlierProcessLeftBehindIsStoppedEvenIfItSleepsAndItsDirectoryHasMoved()
      throws Exception {
    Cluster cluster = Cluster.in(home);
    leftOver = cluster.launch(1 + 1024);
    Awaitility.await().until(() -> isComplete(ServerProcess.lockFile(cluster.directory())));
    new ProcessBuilder("kill", "-s", "STOP", "" + leftOver.pid()).start().waitFor();
    Path moved = home.resolveSibling(home.getFileName() + "-moved");
    Files.move(home, moved);
    try (Postgres postgres = Postgres.start(moved)) {
      assertThat(leftOver.isAlive()).isFalse();
      assertThat(postgres.pid()).isNotEqualTo(leftOver.pid());
      assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
    } finally {
      Files.move(moved, home);
    }
  }

  @Test
  void aLockWithTheNumberOfAnotherProcessIsStale() throws Exception {
    Cluster cluster = Cluster.in(home);
    Path lock = ServerProcess.lockFile(cluster.directory());
    Files.writeString(lock, ProcessHandle.current().pid() + "\n" + cluster.directory() + "\n");
    try (Postgres postgres = Postgres.start(home)) {
      assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void aFirstStartThatWasKilledHalfwayIsDoneAgain(@TempDir Path other) throws Exception {
    Files.createDirectories(other.resolve("postgres.new/base"));
    Files.writeString(other.resolve("postgres.new/PG_VERSION"), "18\n");
    Files.createDirectories(other.resolve("pgsql-18.6.0.new/bin"));
    Files.createDirectory(other.resolve("postgres"));
    try (Postgres postgres = Postgres.start(other)) {
      assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void whatIsNotOursIsLeftAlone(@TempDir Path other) throws Exception {
    Path precious = other.resolve("postgres/precious");
    Files.createDirectory(other.resolve("postgres"));
    Files.writeString(precious, "data");
    assertThatThrownBy(() -> Postgres.start(other))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has files but no PG_VERSION");
    Files.writeString(other.resolve("postgres/PG_VERSION"), "14\n");
    assertThatThrownBy(() -> Postgres.start(other))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("was made by PostgreSQL 14");
    Files.writeString(other.resolve("postgres/PG_VERSION"), "18\n");
    assertThatThrownBy(() -> Postgres.start(other))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("postgres.passwords is missing");
    assertThat(precious).hasContent("data");
  }

  private static boolean isComplete(Path lock) throws IOException {
    return Files.exists(lock) && Files.readString(lock).contains("ready");
  }

  private static Connection connect(Postgres postgres) throws SQLException {
    String[] parts = postgres.url().split("[/:@]+", 0);
    String jdbc = "jdbc:postgresql://" + parts[3] + ":" + parts[4] + "/" + parts[5];
    return DriverManager.getConnection(jdbc, parts[1], parts[2]);
  }

  private static String ask(Postgres postgres, String question) throws SQLException {
    try (var connection = connect(postgres);
        var statement = connection.createStatement();
        var row = statement.executeQuery(question)) {
      row.next();
      return row.getString(1);
    }
  }
}
