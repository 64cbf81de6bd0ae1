package points.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person does with {@code points run}: start, kill, start again, get it wrong. */
class RunTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path folder = Path.of("");

  @Test
  void whateverIsKilledItComesUpAgainWithEverythingAcknowledged() throws Exception {
    Path home = folder.resolve("data");
    Installation points = Installation.start(home);
    try {
      credit(points, home, "first");
      String key = key(home, "connect");
      points.kill(); // PostgreSQL runs on
      points = Installation.start(home);
      assertThat(key(home, "connect")).isEqualTo(key);
      credit(points, home, "second");
      points.postgres().destroyForcibly(); // the watch starts it again
      credit(points, home, "third");
      ProcessHandle postgres = points.postgres();
      points.kill();
      postgres.destroyForcibly();
      points = Installation.start(home);
      assertThat(balance(points, home)).isEqualTo(30);
      postgres = points.postgres();
      assertThat(points.stop()).isIn(0, 130, 143);
      assertThat(postgres.isAlive()).as("PostgreSQL is stopped with it").isFalse();
    } finally {
      points.close();
    }
    assertThat(command(List.of("verify", "--data", home.toString())))
        .contains("the books are right: 1 accounts, 3 transactions, 0 findings");
  }

  @Test
  void ctrlCEndsTheDatabaseLast() throws Exception {
    Path home = folder.resolve("data");
    try (Installation points = Installation.start(home)) {
      credit(points, home, "first");
      ProcessHandle postgres = points.postgres();
      points.signalGroup("INT");
      assertThat(points.hasEnded(Duration.ofSeconds(10))).as("it ends soon").isTrue();
      assertThat(postgres.isAlive()).isFalse();
      assertThat(points.output())
          .doesNotContain("starting it again", "did not stop", "out of reach", "WARN", "ERROR");
    }
  }

  @Test
  void aDatabaseThatEndsWhileAllIsGoingDownHoldsNobodyUp() throws Exception {
    Path home = folder.resolve("data");
    try (Installation points = Installation.start(home)) {
      ProcessHandle postgres = points.postgres();
      points.signalGroup("INT");
      postgres.destroyForcibly(); // as on a machine where Ctrl-C reaches it, too
      assertThat(points.hasEnded(Duration.ofSeconds(30))).as("it ends soon").isTrue();
      assertThat(points.output()).doesNotContain("did not stop");
    }
  }

  @Test
  void theFirstStartMakesCredentialsForTheOwnerAlone() throws Exception {
    Path home = folder.resolve("data");
    try (Installation points = Installation.start(home)) {
      Path file = home.resolve("credentials.json");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      JsonNode credentials = JSON.readTree(Files.readString(file));
      assertThat(credentials.properties().stream().map(Map.Entry::getKey))
          .containsExactlyInAnyOrder(
              "connect", "quest", "voucher", "rielt", "referral", "app", "admin", "approver");
      assertThat(points.output()).doesNotContain(key(home, "admin"));
      assertThat(command(List.of("run", "--data", home.toString(), "--port", "0")))
          .contains("in use by another ./points run")
          .endsWith("exit 3\n");
      assertThat(command(List.of("verify", "--data", home.toString())))
          .contains("the books are right");
      assertPortInUse(points, home);
    }
  }

  private void assertPortInUse(Installation points, Path home) throws Exception {
    String port = points.url().substring(points.url().lastIndexOf(':') + 1);
    String other = folder.resolve("other").toString();
    String said =
        command(
            List.of("run", "--data", other, "--port", port),
            Map.of("POINTS_DATABASE_URL", Postgres.urlOfRunning(home)));
    assertThat(said)
        .contains("points: http.port", "of Points Service, 127.0.0.1:" + port)
        .endsWith("exit 2\n")
        .hasLineCount(2);
    assertThat(Path.of(other)).doesNotExist();
  }

  @Test
  void brokenCredentialsAreOneLineAndExit2() throws Exception {
    Path file = folder.resolve("credentials.json");
    Files.writeString(file, "{\"connect\":");
    assertWrong(List.of("run", "--data", folder.toString(), "--port", "0"), file.toString());
    assertThat(folder.resolve("postgres")).doesNotExist();
  }

  @Test
  void whereThereIsNoDatabaseNoneIsMadeToVerifyIt() throws Exception {
    assertThat(command(List.of("verify", "--data", folder.toString())))
        .startsWith("points: there is no database in " + folder)
        .endsWith("exit 3\n");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aWrongCommandLineOrSettingIsOneLineAndExit2() throws Exception {
    String home = folder.resolve("none").toString();
    assertWrong(List.of("walk"), "walk");
    assertWrong(List.of("run", "--data", home, "--port", "99999"), "http.port");
    assertWrong(List.of("run", "--data", home, "--port", "x"), "http.port");
    assertWrong(List.of("run", "--data", home, "--prt", "1"), "--prt");
    for (String url :
        List.of(
            "nonsense", "postgresql://u@127.0.0.1:99999/x", "postgresql://u@h/x?sslmode=bogus")) {
      assertWrong(List.of("run", "--data", home, "--database-url", url), "database.url");
    }
    assertWrong(List.of("run", "--data", ""), "--data has no value");
    assertWrong(List.of("verify", "--data", ""), "--data has no value");
    assertWrong(List.of("run", "--data", home, "--port", "65533"), "Quest Service: http.port");
    Map<String, String> wrong =
        Map.of(
            "CONNECT_FOO", "1",
            "QUEST_HTTP_PORT", "zz",
            "POINTS_AUTH_POLICY", "connect=fly");
    for (Map.Entry<String, String> variable : wrong.entrySet()) {
      assertThat(
              command(
                  List.of("run", "--data", home, "--port", "0"),
                  Map.of(variable.getKey(), variable.getValue())))
          .contains(variable.getKey())
          .endsWith("exit 2\n")
          .hasLineCount(2);
    }
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void aDatabaseOutOfReachIsOneLineAndExit3() throws Exception {
    String said =
        command(
            List.of(
                "run",
                "--data",
                folder.resolve("data").toString(),
                "--database-url",
                "postgresql://someone:secret-word@127.0.0.1:1/points"));
    assertThat(said).endsWith("exit 3\n").doesNotContain("secret-word");
    assertThat(said.lines().filter(line -> line.startsWith("points: "))).hasSize(1);
  }

  private static void assertWrong(List<String> arguments, String named) throws Exception {
    String said = command(arguments);
    assertThat(said).contains(named).endsWith("exit 2\n");
    assertThat(said.lines()).hasSize(2);
  }

  /** What a command says, and its exit status. */
  private static String command(List<String> arguments) throws Exception {
    return command(arguments, Map.of());
  }

  private static String command(List<String> arguments, Map<String, String> environment)
      throws Exception {
    Path out = Files.createTempFile("points-command", ".out");
    Process process = Installation.launch(arguments, out, environment);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return Files.readString(out) + "exit " + process.exitValue() + "\n";
  }

  private static String key(Path home, String source) throws IOException {
    return JSON.readTree(Files.readString(home.resolve("credentials.json")))
        .path(source)
        .path("api_key")
        .asText();
  }

  /** Credits 10 points, trying again with the same id for as long as the outcome is unknown. */
  private static void credit(Installation points, Path home, String id) throws Exception {
    String body =
        """
        {"account":"user:1","amount":10,"external_id":"%s","reason":"test"}"""
            .formatted(id);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(points.url() + "/internal/credit"))
            .header("Authorization", "Bearer " + key(home, "connect"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    int status = 503;
    for (int i = 0; i < 20 && status == 503; i++) {
      status = HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    }
    assertThat(status).isIn(200, 201);
  }

  private static long balance(Installation points, Path home) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(points.url() + "/internal/accounts/user:1/balance"))
            .header("Authorization", "Bearer " + key(home, "quest"))
            .build();
    String body = HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    return JSON.readTree(body).path("available").asLong();
  }
}
