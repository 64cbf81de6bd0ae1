package points.trials.crowds;

import static points.trials.Item.moving;
import static points.trials.Item.ofHold;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import points.trials.Api;
import points.trials.Field;
import points.trials.Item;
import points.trials.Reply;
import points.trials.Result;
import points.trials.Server;
import points.trials.Stage;
import points.trials.Trial;
import points.trials.Verdict;

/**
 * Two captures and a release of every hold, at about its expiry, through both processes: it ends
 * once, in one of three ways, and whoever came too late is told in which.
 */
final class HoldEnds implements Trial {
  private static final int ACCOUNTS = 50;
  private static final int AMOUNT = 10;

  /** So many of them end in a second, as far as chance has it. */
  private static final int RATE = 250;

  /** Before the first one ends all have to be there. */
  private static final int LEAD_SECONDS = 8;

  /** How long before their expiry the callers come at most, and how long after it. */
  private static final int EARLY_MILLIS = 150;

  private static final int LATE_MILLIS = 60;
  private static final int POSTED_SECONDS = 30;

  @Override
  public String name() {
    return "hold-ends";
  }

  @Override
  public String promise() {
    return "captured, released and expired at once: a hold ends once, and all are told the same";
  }

  @Override
  public Verdict run(Stage stage) throws Exception {
    int holds = stage.scale().of(5_000, 10_000, 100_000);
    SplittableRandom random = stage.random();
    Server server = Server.create(stage.programs(), stage.folder().resolve("data"), Map.of());
    try (Field field = Field.open(stage, server, Map.of("due.interval", "50ms"));
        Api api = new Api(field)) {
      Map<String, Long> ends = new TreeMap<>();
      for (String end : race(api, place(api, holds, random), random)) {
        ends.merge(end, 1L, Long::sum);
      }
      if (ends.size() != 3) {
        throw new AssertionError("not every way to end was seen, so this was no race: " + ends);
      }
      for (Map.Entry<String, Long> end : ends.entrySet()) {
        requirePosted(server, end.getKey(), end.getValue());
      }
      Crowds.require("points on hold", 0, Crowds.number(server, "SELECT sum(held) FROM account"));
      Crowds.require(
          "points in all",
          (long) holds * AMOUNT - ends.getOrDefault("captured", 0L) * AMOUNT,
          Crowds.number(server, "SELECT sum(available) FROM account"));
      Crowds.requireSound(server);
      Map<String, Long> figures = new LinkedHashMap<>();
      figures.put("races", (long) holds);
      figures.putAll(ends);
      return new Verdict.Held(figures);
    }
  }

  private static List<Result> place(Api api, int holds, SplittableRandom random)
      throws InterruptedException {
    List<Item> credits = new ArrayList<>();
    for (int i = 0; i < ACCOUNTS; i++) {
      // Half of the points expire one day, so that they go back into a lot.
      Item credit = moving("credit", account(i), (long) holds / ACCOUNTS * AMOUNT, "f" + i);
      credits.add(i % 2 == 0 ? credit : credit.with("expires_at", "\"2099-01-01T00:00:00Z\""));
    }
    Crowds.prepare(api, "connect", credits);
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < holds; i++) {
      int seconds = LEAD_SECONDS + random.nextInt(1 + holds / RATE);
      items.add(moving("hold", account(i), AMOUNT, "h" + i).with("expires_in", seconds));
    }
    return Crowds.prepare(api, "quest", items);
  }

  private static String account(int i) {
    return "user:racing-" + i % ACCOUNTS;
  }

  /** How each of them ended, as its callers were told. */
  private static List<String> race(Api api, List<Result> holds, SplittableRandom random)
      throws Exception {
    ThreadFactory light = Thread.ofVirtual().factory();
    List<Future<String>> races = new ArrayList<>();
    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(light)) {
      for (Result hold : holds) {
        Instant expiry = Instant.parse(hold.body().at("/hold/expires_at").asText());
        Instant at = expiry.minusMillis(random.nextInt(-LATE_MILLIS, EARLY_MILLIS));
        // On its way a call takes some time: chance decides whose is the shortest.
        int[] after = {random.nextInt(20), random.nextInt(20), random.nextInt(20)};
        races.add(threads.submit(() -> race(api, threads, hold.holdId(), at, after)));
      }
      List<String> ends = new ArrayList<>();
      for (Future<String> race : races) {
        ends.add(race.get());
      }
      return ends;
    }
  }

  private static String race(
      Api api, ExecutorService threads, String hold, Instant at, int[] afterMillis)
      throws Exception {
    List<Callable<Reply>> calls = new ArrayList<>();
    for (int i = 0; i < afterMillis.length; i++) {
      Item end = ofHold(i == 1 ? "release" : "capture", hold, "e" + i + "-" + hold);
      Instant its = at.plusMillis(afterMillis[i]);
      int turn = i;
      calls.add(
          () -> {
            Thread.sleep(Math.max(0, its.toEpochMilli() - System.currentTimeMillis()));
            return api.alone(turn, "quest", end);
          });
    }
    List<Reply> replies = new ArrayList<>();
    for (Future<Reply> call : threads.invokeAll(calls)) {
      replies.add(call.get());
    }
    return end(replies);
  }

  /** How it ended, which all have to have heard alike. */
  private static String end(List<Reply> replies) {
    List<Reply> won = replies.stream().filter(Reply::isDone).toList();
    String end = won.isEmpty() ? "expired" : won.getFirst().body().at("/hold/status").asText();
    for (Reply reply : replies) {
      String told = reply.body().at("/hold/status").asText();
      boolean late = reply.body().path("code").asText().equals("hold_not_active");
      if (reply.isDone() ? won.size() > 1 : !late || !told.equals(end)) {
        throw new AssertionError("a hold ended as " + end + ", and its callers heard " + replies);
      }
    }
    return end;
  }

  /** A hold is over for callers from its very time on; that is posted within seconds. */
  private static void requirePosted(Server server, String status, long count) throws SQLException {
    String there = "SELECT count(*) FROM hold WHERE status = '" + status + "'";
    long giveUp = System.nanoTime() + POSTED_SECONDS * 1_000_000_000L;
    while (Crowds.number(server, there) != count && System.nanoTime() < giveUp) {
      Server.pause(100);
    }
    Crowds.require("holds that are " + status, count, Crowds.number(server, there));
  }
}
