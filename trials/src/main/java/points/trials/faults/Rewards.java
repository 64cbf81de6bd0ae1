package points.trials.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import points.trials.Field;
import points.trials.Node;
import points.trials.Server;
import points.trials.Stage;

/** Connect in a trial, and what must be true of it when all is quiet. */
final class Rewards {
  private static final Duration QUIET_TIME = Duration.ofMinutes(2);
  private static final int PAGES_MAX = 500;
  private static final ObjectMapper JSON = new ObjectMapper();

  private Rewards() {}

  /**
   * Connect, not started yet, that sends to the first process of a field.
   *
   * @param more settings beside its usual ones
   */
  static Node connect(Stage stage, Field field, Map<String, String> more) throws IOException {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("database.url", field.server().url(Field.DATABASE));
    settings.put("points.url", field.nodes().getFirst().url().toString());
    settings.put("points.key", Field.key("connect"));
    settings.put("dispatch.backoff_max", "500ms");
    settings.put("dispatch.deadline", "3s");
    settings.put("rules.folder", System.getProperty("points.rules", "rules"));
    return Node.of("points.connect.Main", stage.folder().resolve("connect.log"), settings);
  }

  /** Lets these publish or ask. */
  static void giveKeys(Server server, List<String> sources) throws SQLException {
    for (String source : sources) {
      Field.giveKey(server, "connect", source);
    }
  }

  static long number(Server server, String sql) throws SQLException {
    return Long.parseLong(server.ask(Field.DATABASE, sql));
  }

  static void require(String what, long expected, long there) {
    if (expected != there) {
      throw new AssertionError("%s: %d expected, %d there".formatted(what, expected, there));
    }
  }

  /** Waits until so many events are in, and nothing is under way any more. */
  static void awaitQuiet(Server server, long events) throws SQLException {
    long giveUp = System.nanoTime() + QUIET_TIME.toNanos();
    String open =
        """
        SELECT (SELECT count(*) FROM connect.event WHERE state <> 'processed')
        + (SELECT count(*) FROM connect.reward_action WHERE state = 'pending')
        + (SELECT count(*) FROM connect.reversal WHERE state = 'pending')""";
    String in = "SELECT count(*) FROM connect.event";
    while (number(server, in) < events || number(server, open) > 0) {
      if (System.nanoTime() > giveUp) {
        throw new AssertionError(
            "%d of %d events are in, still under way: %d"
                .formatted(number(server, in), events, number(server, open)));
      }
      Server.pause(200);
    }
  }

  /** Every event is in once, none was set aside, and each action has a credit of its own. */
  static void requireOnce(Server server, long events) throws SQLException {
    require("events taken in", events, number(server, "SELECT count(*) FROM connect.event"));
    require("dead letters", 0, number(server, "SELECT count(*) FROM connect.dead_letter"));
    require(
        "credits, one for each action",
        number(
            server, "SELECT count(*) FROM connect.reward_action WHERE transaction_id IS NOT NULL"),
        number(server, "SELECT count(*) FROM points.transaction WHERE type = 'credit'"));
    var findings = server.verify(Field.DATABASE);
    if (!findings.isEmpty()) {
      throw new AssertionError(findings.toString());
    }
  }

  /** Connect itself finds no difference between its books and those of Points. */
  static void requireReconciled(Node connect) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(connect.url().resolve("/reconciliation"))
              .timeout(Duration.ofSeconds(60))
              .header("Authorization", "Bearer " + Field.key("admin"))
              .build();
      for (int i = 0; i < PAGES_MAX; i++) {
        String text = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        JsonNode body = JSON.readTree(text);
        if (body.path("complete").asBoolean()) {
          if (!body.path("differences").isEmpty()) {
            throw new AssertionError("not reconciled: " + text);
          }
          return;
        }
      }
    }
    throw new AssertionError("reconciliation never completes");
  }
}
