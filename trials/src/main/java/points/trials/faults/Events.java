package points.trials.faults;

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
import java.util.Objects;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
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
final class Events implements Trial {
  private static final int PUBLISHERS = 4;
  private static final int USERS = 20;
  private static final int STOPS_ONE_IN = 5;

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
    // Points' second process is not Connect's, so that a kill of the first is one to it.
    try (Field field = Field.open(stage, server, Map.of());
        Node connect = Rewards.connect(stage, field, Map.of());
        Publishing publishing = new Publishing(connect)) {
      connect.start();
      Rewards.giveKeys(server, List.of("quest", "voucher", "admin"));
      SplittableRandom random = stage.random();
      publishing.start(random.split());
      int kills = stage.scale().of(15, 50, 500);
      int stops = 0;
      for (int i = 0; i < kills; i++) {
        Node victim = random.nextBoolean() ? connect : field.nodes().getFirst();
        Server.pause(random.nextInt(600));
        victim.kill();
        victim.start();
        if (random.nextInt(STOPS_ONE_IN) == 0) {
          stops++;
          stop(random.nextBoolean() ? connect : field.nodes().getFirst(), random);
        }
        if (i % 10 == 9) {
          stage.say("%d of %d kills, %d events", i + 1, kills, publishing.distinct.get());
        }
      }
      publishing.stopAfter(stage.scale().of(10_000, 100_000, 1_000_000));
      Rewards.awaitQuiet(server, publishing.distinct.get());
      requireAllOnce(server, publishing);
      Rewards.requireReconciled(connect);
      Map<String, Long> figures = new LinkedHashMap<>();
      figures.put("kills", (long) kills);
      figures.put("stops", (long) stops);
      figures.put("distinct events", publishing.distinct.get());
      figures.put("duplicates", publishing.duplicates.get());
      figures.put("out of order", publishing.early.get());
      figures.put("credits", Rewards.number(server, "SELECT count(*) FROM connect.reward_action"));
      return new Verdict.Held(figures);
    }
  }

  /** Stands still for a while, now and then for longer than Connect waits for an answer. */
  private static void stop(Node victim, SplittableRandom random) throws IOException {
    victim.pause();
    Server.pause(300 + random.nextInt(3_500));
    victim.resume();
  }

  private static void requireAllOnce(Server server, Publishing publishing) throws SQLException {
    Rewards.requireOnce(server, publishing.distinct.get());
    for (int user = 0; user < USERS; user++) {
      Rewards.require(
          "points of user:e" + user,
          100 * publishing.quests.get(user),
          Rewards.number(
              server,
              "SELECT coalesce(sum(available), 0) FROM points.account WHERE account = 'user:e"
                  + user
                  + "'"));
    }
    Rewards.require(
        "points left by purchases that were refunded",
        0,
        Rewards.number(
            server,
            "SELECT coalesce(sum(available + held + pending + debt), 0) FROM points.account"
                + " WHERE account NOT LIKE 'user:e%'"));
  }

  /** The publishers. */
  private static final class Publishing implements AutoCloseable {
    /** So many events are between one and its duplicate, if that does not come at once. */
    private static final int LATER = 100;

    final AtomicLong distinct = new AtomicLong();
    final AtomicLong duplicates = new AtomicLong();
    final AtomicLong early = new AtomicLong();
    final AtomicLongArray quests = new AtomicLongArray(USERS);
    private final Map<String, Queue<String>> late =
        Map.of("quest", new ConcurrentLinkedQueue<>(), "voucher", new ConcurrentLinkedQueue<>());
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
                      purchases(own, name + n);
                    }
                  }
                });
      }
    }

    private void quests(SplittableRandom random, String id) {
      List<String> events = new ArrayList<>();
      int count = 1 + random.nextInt(40);
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

    /** Bought and given back, more often than not in the other order. */
    private void purchases(SplittableRandom random, String id) {
      List<String> bought = new ArrayList<>();
      List<String> refunded = new ArrayList<>();
      int count = 1 + random.nextInt(10);
      for (int i = 0; i < count; i++) {
        String purchase = id + "." + i;
        bought.add(
            event(
                "voucher.purchased",
                purchase + ".bought",
                """
                {"purchase_id":"%s","voucher_id":"v1","user_id":"buyer","partner_id":"acme%d",
                 "pro_spacer_ids":["s1","s2"],"points_paid":100,"price":1010}"""
                    .formatted(purchase, random.nextInt(5))));
        refunded.add(
            event(
                "voucher.refunded",
                purchase + ".refunded",
                "{\"purchase_id\":\"" + purchase + "\"}"));
      }
      boolean reversed = random.nextInt(3) > 0;
      early.addAndGet(reversed ? count : 0);
      publish("voucher", reversed ? refunded : bought, random);
      publish("voucher", reversed ? bought : refunded, random);
    }

    private static String event(String type, String id, String data) {
      return """
          {"specversion":"1.0","source":"%s","id":"%s","type":"%s",
           "time":"2026-11-22T18:00:00Z","datacontenttype":"application/json","data":%s}"""
          .formatted(type.substring(0, type.indexOf('.')), id, type, data);
    }

    /** Until it was taken in; one in five events is sent twice, at once or with later ones. */
    private void publish(String source, List<String> events, SplittableRandom random) {
      List<String> all = new ArrayList<>(events);
      Queue<String> later = Objects.requireNonNull(late.get(source));
      for (String event : events) {
        if (random.nextInt(5) == 0) {
          if (random.nextBoolean()) {
            all.add(event);
          } else {
            later.add(event);
          }
          duplicates.incrementAndGet();
        }
      }
      for (int i = random.nextInt(10); i > 0 && later.size() > LATER; i--) {
        String event = later.poll();
        if (event != null) {
          all.add(event);
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
