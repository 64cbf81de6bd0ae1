package points.trials.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import points.trials.Callers;
import points.trials.Field;
import points.trials.Server;
import points.trials.Stage;
import points.trials.Trial;
import points.trials.Verdict;

/**
 * The procedure of {@code docs/operating/backup.md}: a backup of the files, an archive of the log,
 * the database lost, restored to a moment before, and the callers repeating everything that they
 * did, in their order. A caller that repeats has new ids for what was lost, and names those.
 */
public final class Restore implements Trial {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Pattern REFERENCE = Pattern.compile("\"([0-9a-f-]{36})\"");

  private static final String COUNT =
      "SELECT count(*) FROM points.transaction WHERE source <> 'points'";

  private static final String BALANCES =
      "SELECT string_agg(account || ' ' || available || ' ' || held || ' ' || pending || ' ' || debt,"
          + " E'\\n' ORDER BY account) FROM points.account";

  @Override
  public String name() {
    return "restore";
  }

  @Override
  public String promise() {
    return "restored to a moment before, and all callers repeating: the same balances";
  }

  @Override
  public Verdict run(Stage stage) throws Exception {
    Path archive = Files.createDirectory(stage.folder().resolve("archive"));
    Server server =
        Server.create(
            stage.programs(),
            stage.folder().resolve("data"),
            Map.of(
                "archive_mode",
                "on",
                "archive_command",
                "test ! -f %s/%%f && cp %%p %s/%%f".formatted(archive, archive)));
    SplittableRandom random = stage.random();
    int millis = stage.scale().of(2_000, 10_000, 60_000);
    try (Field field = Field.open(stage, server, Map.of());
        Callers callers = Callers.of(field)) {
      callers.start(random.split());
      Thread.sleep(millis);
      Path backup = stage.folder().resolve("restored");
      server.copyTo(backup);
      Thread.sleep(millis);
      String moment = server.ask(Field.DATABASE, "SELECT clock_timestamp()");
      Thread.sleep(millis);
      callers.stop();
      List<Callers.Told> told = callers.inLedgerOrder(server);
      String before = server.ask(Field.DATABASE, BALANCES);
      awaitArchived(server);
      server.kill();
      Server restored = restore(stage, backup, archive, moment);
      long kept = Long.parseLong(restored.ask(Field.DATABASE, COUNT));
      field.moveTo(restored);
      field.heal();
      repeat(field, told);
      String after = restored.ask(Field.DATABASE, BALANCES);
      if (!before.equals(after)) {
        throw new AssertionError("other balances:\n" + before + "\n\n" + after);
      }
      var findings = restored.verify(Field.DATABASE);
      if (!findings.isEmpty()) {
        throw new AssertionError(findings.toString());
      }
      Map<String, Long> figures = new LinkedHashMap<>();
      figures.put("operations", (long) told.size());
      figures.put("after the moment of restoring, and repeated", told.size() - kept);
      return new Verdict.Held(figures);
    }
  }

  private static void awaitArchived(Server server) throws SQLException, IOException {
    String last = server.ask("postgres", "SELECT pg_walfile_name(pg_switch_wal())");
    String archived =
        "SELECT coalesce(last_archived_wal >= '%s', false) FROM pg_stat_archiver".formatted(last);
    for (int i = 0; !server.ask("postgres", archived).equals("t"); i++) {
      if (i == 300) {
        throw new IOException("the log is not archived");
      }
      Server.pause(100);
    }
  }

  private static Server restore(Stage stage, Path backup, Path archive, String moment)
      throws IOException, SQLException {
    Files.createFile(backup.resolve("recovery.signal"));
    Server restored =
        Server.on(
            stage.programs(),
            backup,
            Map.of(
                "restore_command",
                "cp %s/%%f %%p".formatted(archive),
                "recovery_target_time",
                moment,
                "recovery_target_action",
                "promote"));
    restored.start();
    for (int i = 0; !restored.ask("postgres", "SELECT pg_is_in_recovery()").equals("f"); i++) {
      if (i == 600) {
        throw new IOException("it does not recover; see its log");
      }
      Server.pause(100);
    }
    return restored;
  }

  private static void repeat(Field field, List<Callers.Told> told)
      throws IOException, InterruptedException {
    Map<String, String> newIds = new HashMap<>();
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      for (Callers.Told call : told) {
        Matcher reference = REFERENCE.matcher(call.body());
        String body =
            reference.replaceAll(
                found -> "\"" + newIds.getOrDefault(found.group(1), found.group(1)) + "\"");
        HttpRequest request =
            HttpRequest.newBuilder(field.nodes().getFirst().url().resolve(call.path()))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + Field.key(call.source()))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 201 && response.statusCode() != 200) {
          throw new AssertionError("repeated " + call + ": " + response.body());
        }
        JsonNode now = JSON.readTree(response.body()).path("transaction_id");
        if (!now.isMissingNode() && !now.asText().equals(call.transactionId())) {
          newIds.put(call.transactionId(), now.asText());
        }
      }
    }
  }
}
