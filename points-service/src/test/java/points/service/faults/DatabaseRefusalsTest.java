package points.service.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import points.kit.TestPostgres;
import points.service.TestService;

/** The database refuses what must not be done to it, and the service refuses a bad database. */
class DatabaseRefusalsTest {
  @ParameterizedTest
  @ValueSource(strings = {"transaction", "operation", "refusal"})
  void historyCannotBeChanged(String table) {
    String database = TestPostgres.shared().newDatabase();
    try (TestService service = TestService.start(database, Map.of())) {
      Map<String, Object> body =
          Map.of("account", "user:1", "amount", 5, "external_id", "a", "reason", "history");
      service.as("connect").post("/internal/credit", body);
      Map<String, Object> tooMuch =
          Map.of("account", "user:1", "amount", 9, "external_id", "b", "reason", "history");
      service.as("quest").post("/internal/debit", tooMuch);
      Books books = new Books(database);
      String before = "SELECT count(*) FROM " + table;
      long rows = books.number(before);
      assertThat(rows).isPositive();
      for (String sql :
          new String[] {
            "UPDATE " + table + " SET bucket = bucket",
            "DELETE FROM " + table,
            "TRUNCATE " + table + " CASCADE"
          }) {
        // Even a superuser, by the triggers; others by privilege, whatever role they have.
        assertThatThrownBy(() -> books.run(sql))
            .rootCause()
            .hasMessageContaining("never changed or deleted");
        String role = "app_" + table + "_" + ProcessHandle.current().pid();
        assertThatThrownBy(
                () ->
                    books.run(
                        "CREATE ROLE %s; GRANT USAGE ON SCHEMA points TO %s; SET ROLE %s; %s"
                            .formatted(role, role, role, sql)))
            .rootCause()
            .hasMessageContaining("permission denied");
      }
      assertThat(books.number(before)).isEqualTo(rows);
      books.assertSound();
    }
  }

  @Test
  void anUnreachableDatabase() {
    assertRefused(3, "out of reach", "postgresql://postgres@127.0.0.1:1/nowhere");
  }

  @Test
  void aDatabaseThatIsNotThere() {
    String missing = TestPostgres.shared().url("missing");
    assertRefused(3, "Create the database first", missing);
  }

  @Test
  void aRoleThatMayNotLogIn() {
    TestPostgres postgres = TestPostgres.shared();
    String database = postgres.newDatabase();
    String role = "nologin_" + ProcessHandle.current().pid();
    new Books(database).run("CREATE ROLE " + role);
    assertRefused(
        3, "Check user and password", database.replace("postgres@", role + ":hunter2secret@"));
    assertUntouched(database);
  }

  @Test
  void aDatabaseThatLiesAboutDurability() {
    try (TestPostgres liar = TestPostgres.start(Map.of("fsync", "off"))) {
      String database = liar.newDatabase();
      assertRefused(3, "fsync", database);
      assertUntouched(database);
    }
  }

  @Test
  void aSchemaThatIsNewer() {
    String database = TestPostgres.shared().newDatabase();
    TestService.start(database, Map.of()).close();
    Books books = new Books(database);
    books.run(
        """
        INSERT INTO flyway_schema_history
          (installed_rank, version, description, type, script, checksum, installed_by,
           execution_time, success)
        VALUES (900, '999', 'future', 'SQL', 'V999__future.sql', 1, 'test', 1, true)""");
    assertRefused(3, "version 999", database);
    assertThat(books.number("SELECT count(*) FROM flyway_schema_history WHERE version = '999'"))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--lanes.committers=none", "--no.such.setting=1", "nonsense"})
  void aWrongSetting(String argument) {
    String database = TestPostgres.shared().newDatabase();
    assertRefused(2, argument.replaceFirst("^--", "").replaceFirst("=.*", ""), database, argument);
    assertUntouched(database);
  }

  private static void assertUntouched(String database) {
    assertThat(
            new Books(database)
                .number("SELECT count(*) FROM pg_namespace WHERE nspname = 'points'"))
        .isZero();
  }

  private static void assertRefused(
      int exitCode, String saying, String database, String... arguments) {
    try (ServiceProcess service = ServiceProcess.launch(database, arguments)) {
      assertThat(service.exitCode()).as(service.errors()).isEqualTo(exitCode);
      assertThat(service.errors().lines().toList().getLast()).contains(saying);
      assertThat(service.errors()).doesNotContain("hunter2secret").doesNotContain("\tat ");
      assertThat(service.output()).doesNotContain("ready");
    }
  }
}
