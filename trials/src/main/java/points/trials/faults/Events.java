package points.trials.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import points.trials.Field;
import points.trials.Node;
import points.trials.Server;
import points.trials.Stage;
import points.trials.Trial;
import points.trials.Verdict;

/**
 * Events of the mission, a fifth of them twice and cancellations often before what they cancel,
 * while Connect and Points are killed: every quest is rewarded once, every refunded purchase leaves
 * nothing behind.
 */
public final class Events implements Trial {
  private static final int PUBLISHERS = 4;
  private static final int USERS = 20;
  private static final Duration QUIET_TIME = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String name() {
    return "events";
  }

  @Override
  public String promise() {
    return "one event makes each reward once, whichever of Connect and Points dies when";
  }

  @Override
  public Verdict run(Stage stage) throws Exception {
    Server server = Server.create(stage.programs(), stage.folder().resolve("data"), Map.of());
    try (Field field = Field.open(stage, server, Map.of());
        Node connect = connect(stage, field);
        Publishing publishing = new Publishing(connect)) {
      connect.start();
      for (String publisher : List.of("quest", "voucher", "admin")) {
        Field.giveKey(server, "connect", publisher);
      }
      SplittableRandom random = stage.random();
      publishing.start(random);
      int kills = stage.scale().of(5, 50, 500);
      long atLeast = stage.scale().of(2_000, 100_000, 1_000_000);
      for (int i = 0; i < kills; i++) {
        Thread.sleep(300 + random.nextInt(700));
        Node victim = random.nextBoolean() ? connect : field.nodes().getFirst();
        victim.kill();
        victim.start();
      }
      publishing.stopAfter(atLeast);
      awaitQuiet(server);
      requireAllOnce(server, publishing);
      requireReconciled(connect);
      Map<String, Long> figures = new LinkedHashMap<>();
      figures.put("kills", (long) kills);
      figures.put("distinct events", publishing.distinct.get());
      figures.put("duplicates", publishing.duplicates.get());
      figures.put("credits", number(server, "SELECT count(*) FROM connect.reward_action"));
      return new Verdict.Held(figures);
    }
  }

  private static Node connect(Stage stage, Field field) throws IOException {
    // Points' second process is not Connect's, so that a kill of the first is one to it.
    return Node.of(
        "points.connect.Main",
        stage.folder().resolve("connect.log"),
        Map.of(
            "database.url", field.server().url(Field.DATABASE),
            "points.url", field.nodes().getFirst().url().toString(),
            "points.key", Field.key("connect"),
            "dispatch.backoff_max", "500ms",
            "dispatch.deadline", "3s",
            "rules.folder", System.getProperty("points.rules", "rules")));
  }

  private static long number(Server server, String sql) throws SQLException {
    return Long.parseLong(server.ask(Field.DATABASE, sql));
  }

  private static void awaitQuiet(Server server) throws SQLException {
    long giveUp = System.nanoTime() + QUIET_TIME.toNanos();
    String open =
        """
        SELECT (SELECT count(*) FROM connect.event WHERE state <> 'processed')
        + (SELECT count(*) FROM connect.reward_action WHERE state = 'pending')
        + (SELECT count(*) FROM connect.reversal WHERE state = 'pending')""";
    while (number(server, open) > 0) {
      if (System.nanoTime() > giveUp) {
        throw new AssertionError("still under way: " + number(server, open));
      }
      Server.pause(200);
    }
  }

  private static void requireAllOnce(Server server, Publishing publishing) throws SQLException {
    require(
        "events taken in",
        publishing.distinct.get(),
        number(server, "SELECT count(*) FROM connect.event"));
    require("dead letters", 0, number(server, "SELECT count(*) FROM connect.dead_letter"));
    for (int user = 0; user < USERS; user++) {
      require(
          "points of user:e" + user,
          100 * publishing.quests.get(user),
          number(
              server,
              "SELECT coalesce(sum(available), 0) FROM points.account WHERE account = 'user:e"
                  + user
                  + "'"));
    }
    require(
        "points left by purchases that were refunded",
        0,
        number(
            server,
            "SELECT coalesce(sum(available + held + pending + debt), 0) FROM points.account"
                + " WHERE account NOT LIKE 'user:e%'"));
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

  private static void require(String what, long expected, long there) {
    if (expected != there) {
      throw new AssertionError("%s: %d expected, %d there".formatted(what, expected, there));
    }
  }

  private static void requireReconciled(Node connect) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(connect.url().resolve("/reconciliation"))
              .timeout(Duration.ofSeconds(60))
              .header("Authorization", "Bearer " + Field.key("admin"))
              .build();
      for (int i = 0; i < 200; i++) {
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

  /** The publishers. */
  private static final class Publishing implements AutoCloseable {
    final AtomicLong distinct = new AtomicLong();
    final AtomicLong duplicates = new AtomicLong();
    final AtomicLongArray quests = new AtomicLongArray(USERS);
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
    private final Node connect;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final ExecutorService threads = Executors.newFixedThreadPool(PUBLISHERS);
    private final HttpClient http =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Publishing(Node connect) {
      this.connect = connect;
    }

    void start(SplittableRandom random) {
      for (int i = 0; i < PUBLISHERS; i++) {
        SplittableRandom own = random.split();
        String name = "p" + i + "-";
        var unused =
            threads.submit(
                () -> {
                  for (int n = 0; !stop.get(); n++) {
                    if (own.nextBoolean()) {
                      quests(own, name + n);
                    } else {
                      purchase(own, name + n);
                    }
                  }
                });
      }
    }

    private void quests(SplittableRandom random, String id) {
      List<String> events = new ArrayList<>();
      int count = 1 + random.nextInt(20);
      for (int i = 0; i < count; i++) {
        int user = random.nextInt(USERS);
        quests.incrementAndGet(user);
        events.add(
            event(
                "quest.completed",
                id + "." + i,
                "{\"quest_id\":\"q1\",\"user_id\":\"e%d\"}".formatted(user)));
      }
      publish("quest", events, random);
    }

    /** Bought and given back, now and then in the other order. */
    private void purchase(SplittableRandom random, String id) {
      String bought =
          event(
              "voucher.purchased",
              id + ".bought",
              """
              {"purchase_id":"%s","voucher_id":"v1","user_id":"buyer","partner_id":"acme%d",
               "pro_spacer_ids":["s1","s2"],"points_paid":100,"price":1010}"""
                  .formatted(id, random.nextInt(5)));
      String refunded =
          event("voucher.refunded", id + ".refunded", "{\"purchase_id\":\"" + id + "\"}");
      boolean reversed = random.nextInt(3) == 0;
      publish("voucher", List.of(reversed ? refunded : bought), random);
      publish("voucher", List.of(reversed ? bought : refunded), random);
    }

    private static String event(String type, String id, String data) {
      return """
          {"specversion":"1.0","source":"%s","id":"%s","type":"%s",
           "time":"2026-11-22T18:00:00Z","datacontenttype":"application/json","data":%s}"""
          .formatted(type.substring(0, type.indexOf('.')), id, type, data);
    }

    /** Until it was taken in; one in five events is sent twice. */
    private void publish(String source, List<String> events, SplittableRandom random) {
      List<String> all = new ArrayList<>(events);
      for (String event : events) {
        if (random.nextInt(5) == 0) {
          all.add(event);
          duplicates.incrementAndGet();
        }
      }
      HttpRequest request =
          HttpRequest.newBuilder(connect.url().resolve("/events"))
              .timeout(Duration.ofSeconds(20))
              .header("Authorization", "Bearer " + Field.key(source))
              .header("Content-Type", "application/cloudevents-batch+json")
              .POST(HttpRequest.BodyPublishers.ofString("[" + String.join(",", all) + "]"))
              .build();
      distinct.addAndGet(events.size());
      while (true) {
        try {
          int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
          if (status == 202) {
            return;
          }
          if (status != 503 && status != 429) {
            failure.compareAndSet(null, "answered " + status + " to " + all);
            return;
          }
        } catch (IOException e) {
          // It is dead just now.
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
        Server.pause(50);
      }
    }

    void stopAfter(long atLeast) throws InterruptedException {
      while (distinct.get() < atLeast && failure.get() == null) {
        Server.pause(100);
      }
      stop.set(true);
      threads.shutdown();
      if (!threads.awaitTermination(60, TimeUnit.SECONDS)) {
        throw new AssertionError("publishers hang");
      }
      if (failure.get() != null) {
        throw new AssertionError(failure.get());
      }
    }

    @Override
    public void close() {
      stop.set(true);
      threads.shutdownNow();
      http.shutdownNow();
    }
  }
}
