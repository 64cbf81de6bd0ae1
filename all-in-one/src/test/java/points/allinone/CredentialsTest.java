package points.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import points.kit.ApiKeys;
import points.kit.DatabaseUrl;
import points.kit.SettingsException;

/** The file of keys is made once, kept, completed, and never overwritten when it is broken. */
class CredentialsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path home = Path.of("");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"connect\":",
        "[]",
        "{} and more",
        "{\"connect\":{}}",
        "{\"connect\":{\"api_key\":17}}",
        "{\"connect\":{\"api_key\":\"pk_quest_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}}",
        "{\"quest\":{},\"quest\":{}}"
      })
  void aBrokenFileIsNamedAndLeftAsItIs(String broken) throws Exception {
    Path file = Files.writeString(home.resolve("credentials.json"), broken);
    assertThatThrownBy(() -> Credentials.in(home))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(file.toString());
    assertThat(file).hasContent(broken);
  }

  @Test
  void bytesThatAreNoTextAreNamedToo() throws Exception {
    Files.write(home.resolve("credentials.json"), new byte[] {'{', (byte) 0xff});
    assertThatThrownBy(() -> Credentials.in(home)).isInstanceOf(SettingsException.class);
  }

  @Test
  void aFileThatOthersCanReadIsClosedToThem() throws Exception {
    Path file = Files.writeString(home.resolve("credentials.json"), "{}");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(Credentials.in(home).closeToOthers()).isTrue();
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(Credentials.in(home).closeToOthers()).isFalse();
  }

  @Test
  void keysAreMadeThenKeptAndMissingOnesAdded() throws Exception {
    Path file = home.resolve("credentials.json");
    try (Postgres postgres = Postgres.start(home);
        ApiKeys keys = ApiKeys.open(database(postgres), Duration.ofSeconds(5))) {
      Credentials.in(home).register(keys, List.of("connect", "print"));
      JsonNode made = JSON.readTree(Files.readString(file));
      assertThat(mode(file)).isEqualTo("rw-------");
      assertThat(mode(home.resolve("curl/connect"))).isEqualTo("rw-------");
      List<String> sources = new ArrayList<>(Credentials.SOURCES);
      sources.add("print");
      assertThat(made.properties()).hasSize(sources.size());
      for (String source : sources) {
        assertThat(home.resolve("curl").resolve(source)).isNotEmptyFile();
        assertThat(made.path(source).path("api_key").asText())
            .matches("pk_" + source + "_[A-Za-z0-9_-]{43}");
      }
      Credentials.in(home).register(keys, List.of("connect", "print"));
      assertThat(JSON.readTree(Files.readString(file))).isEqualTo(made);

      String connectAlone = "{\"connect\":" + made.get("connect") + ",\"shop\":{\"note\":1}}";
      Files.writeString(file, connectAlone);
      Credentials.in(home).register(keys, List.of("connect", "print"));
      JsonNode completed = JSON.readTree(Files.readString(file));
      assertThat(completed.get("connect")).isEqualTo(made.get("connect"));
      assertThat(completed.path("shop").path("note").asInt()).isEqualTo(1);
      assertThat(completed.get("quest")).isNotNull().isNotEqualTo(made.get("quest"));
    }
  }

  private static DataSource database(Postgres postgres) throws Exception {
    DataSource database =
        Objects.requireNonNull(DatabaseUrl.parse(postgres.url())).dataSource("public");
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA IF NOT EXISTS public");
      statement.execute(
          "CREATE TABLE api_key (key_hash bytea PRIMARY KEY, source text NOT NULL,"
              + " created_at timestamptz NOT NULL DEFAULT now(), revoked_at timestamptz)");
    }
    return database;
  }

  private static String mode(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
