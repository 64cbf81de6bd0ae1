package points.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DatabaseTest {

  private final Metrics metrics = new Metrics("test");

  @AfterEach
  void close() {
    metrics.close();
  }

  private Database open(String url, String migrations) {
    DatabaseUrl parsed = Objects.requireNonNull(DatabaseUrl.parse(url));
    return Database.open(new Database.Config(parsed, "kit", migrations, 4), metrics);
  }

  private Database open(String url) {
    return open(url, "classpath:db/kit");
  }

  @Test
  void migratesItsOwnSchemaAndSeesItFirst() throws Exception {
    String url = TestPostgres.shared().newDatabase();
    for (int time = 0; time < 2; time++) {
      try (Database database = open(url);
          Connection connection = database.dataSource().getConnection();
          var statement = connection.createStatement();
          var row =
              statement.executeQuery(
                  "SELECT current_schema(), to_regclass('kit.api_key')::text,"
                      + " to_regclass('kit.flyway_schema_history')::text")) {
        row.next();
        assertThat(row.getString(1)).isEqualTo("kit");
        assertThat(row.getString(2)).isEqualTo("api_key");
        assertThat(row.getString(3)).isEqualTo("flyway_schema_history");
        database.ping();
        assertThat(metrics.registry().scrape()).contains("hikaricp_connections");
      }
    }
  }

  @Test
  void refusesOutOfReachWithoutThePassword() {
    assertThatThrownBy(() -> open("postgresql://joe:hunter2@127.0.0.1:1/x"))
        .isInstanceOf(DatabaseUnusable.class)
        .hasMessageContaining("127.0.0.1:1/x is out of reach")
        .hasMessageNotContaining("hunter2")
        .hasMessageNotContaining("\n");
  }

  @Test
  void refusesADatabaseThatIsNotThere() {
    assertThatThrownBy(() -> open(TestPostgres.shared().url("nowhere")))
        .isInstanceOf(DatabaseUnusable.class)
        .hasMessageContaining("Create the database first");
  }

  @Test
  void refusesASchemaOfANewerReleaseAndChangesNothing() throws Exception {
    String url = TestPostgres.shared().newDatabase();
    open(url, "classpath:db/kit-newer").close();
    assertThatThrownBy(() -> open(url))
        .isInstanceOf(DatabaseUnusable.class)
        .hasMessage(
            "The schema kit has version 3, which this release does not know:"
                + " run the newer release.");
  }

  @Test
  void refusesAChangedMigrationInOneLine() throws Exception {
    String url = TestPostgres.shared().newDatabase();
    open(url).close();
    String name = url.substring(url.lastIndexOf('/') + 1);
    try (Connection connection = TestPostgres.shared().connect(name);
        var statement = connection.createStatement()) {
      statement.execute("UPDATE kit.flyway_schema_history SET checksum = 1 WHERE version = '1'");
    }
    assertThatThrownBy(() -> open(url))
        .isInstanceOf(DatabaseUnusable.class)
        .hasMessageContaining("cannot be brought up to date")
        .hasMessageNotContaining("\n");
  }

  @Test
  void refusesSynchronousCommitOffForTheDatabaseAndAcceptsLocal() throws Exception {
    String url = TestPostgres.shared().newDatabase();
    String name = url.substring(url.lastIndexOf('/') + 1);
    try (Connection connection = TestPostgres.shared().connect("postgres");
        var statement = connection.createStatement()) {
      statement.execute("ALTER DATABASE " + name + " SET synchronous_commit = off");
      assertThatThrownBy(() -> open(url))
          .isInstanceOf(DatabaseUnusable.class)
          .hasMessageContaining("synchronous_commit = off");
      statement.execute("ALTER DATABASE " + name + " SET synchronous_commit = local");
    }
    try (Connection connection = TestPostgres.shared().connect(name);
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT to_regnamespace('kit') IS NULL")) {
      row.next();
      assertThat(row.getBoolean(1)).as("nothing was changed").isTrue();
    }
    open(url).close();
  }

  @Test
  void refusesServersThatLie() {
    for (String setting : new String[] {"fsync", "full_page_writes"}) {
      try (TestPostgres lying = TestPostgres.start(Map.of(setting, "off"))) {
        assertThatThrownBy(() -> open(lying.newDatabase()))
            .isInstanceOf(DatabaseUnusable.class)
            .hasMessageContaining(setting + " = off");
      }
    }
  }

  @Test
  void theFixtureSurvivesAKill() throws Exception {
    try (TestPostgres postgres = TestPostgres.start(Map.of());
        Database database = open(postgres.newDatabase())) {
      postgres.kill();
      assertThatThrownBy(database::ping).isInstanceOf(java.sql.SQLException.class);
      postgres.restart();
      database.ping();
      try (Connection connection = database.dataSource().getConnection();
          var statement = connection.createStatement();
          var row = statement.executeQuery("SHOW fsync")) {
        row.next();
        assertThat(row.getString(1)).isEqualTo("on");
      }
    }
  }

  @Test
  void readsAddressesAndHidesPasswords() {
    DatabaseUrl url =
        Objects.requireNonNull(
            DatabaseUrl.parse("postgresql://joe:p%40ss@db:5433/points?sslmode=require"));
    assertThat(url.toString()).isEqualTo("postgresql://db:5433/points");
    assertThat(url.jdbc()).isEqualTo("jdbc:postgresql://db:5433/points");
    assertThat(url.properties())
        .containsEntry("user", "joe")
        .containsEntry("password", "p@ss")
        .containsEntry("sslmode", "require");
    assertThat(DatabaseUrl.parse("jdbc:postgresql://db/points?user=joe&password=x"))
        .hasToString("postgresql://db/points");
    DatabaseUrl people =
        DatabaseUrl.parse("postgresql://j\u00f6rg:\u0100%20\ud83d\ude00@db/points");
    assertThat(Objects.requireNonNull(people).properties())
        .containsEntry("user", "j\u00f6rg")
        .containsEntry("password", "\u0100 \ud83d\ude00");
    for (String wrong :
        new String[] {"", "mysql://x/y", "postgresql://", "postgresql://h", "h/d"}) {
      assertThat(DatabaseUrl.parse(wrong)).as(wrong).isNull();
    }
  }

  @Test
  void anAddressThatNoDriverTakesIsNone() {
    for (String wrong :
        new String[] {
          "h:0/x", "h:99999/x", "h:x/x", "h:/x", "h:1,i:99999/x", "h/x?sslmode=bogus"
        }) {
      assertThat(DatabaseUrl.parse("postgresql://u@" + wrong)).as(wrong).isNull();
    }
    for (String right :
        new String[] {
          "h/x", "h:1/x", "[::1]:5432/x", "[::1]/x", "h:1,i:2/x", "h/x?sslmode=require"
        }) {
      assertThat(DatabaseUrl.parse("postgresql://u@" + right)).as(right).isNotNull();
    }
  }
}
