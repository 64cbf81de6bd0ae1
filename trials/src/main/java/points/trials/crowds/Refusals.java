package points.trials.crowds;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import points.trials.Api;
import points.trials.Field;
import points.trials.Item;
import points.trials.Result;
import points.trials.Server;
import points.trials.Stage;
import points.trials.Trial;
import points.trials.Verdict;

/**
 * Everything that the ledger refuses, many thousand times: nothing has moved afterwards; and each
 * stays refused, with the very same answer, also when its reason is gone.
 */
final class Refusals implements Trial {
  private static final int CALLERS = 4;

  /** One batch in so many is sent again, at once and at the end. */
  private static final int REPEATED = 5;

  /** All that a ledger knows, but for what it keeps of refusals. */
  private static final String BOOKS =
      """
      SELECT concat_ws(' ',
        (SELECT md5(string_agg(a::text, ',' ORDER BY account)) FROM account a),
        (SELECT md5(string_agg(h::text, ',' ORDER BY hold_id)) FROM hold h),
        (SELECT md5(string_agg(l::text, ',' ORDER BY lot_id)) FROM lot l),
        (SELECT md5(string_agg(d::text, ',' ORDER BY source, day)) FROM credit_day d),
        (SELECT count(*) FROM transaction))""";

  /** A batch that was sent, by whom, and what it was answered. */
  private record Sent(int number, String source, List<Item> items, List<Result> results) {}

  @Override
  public String name() {
    return "refusals";
  }

  @Override
  public String promise() {
    return "what is refused has no effect, and stays refused when its reason is gone";
  }

  @Override
  public Verdict run(Stage stage) throws Exception {
    int batches = stage.scale().of(100, 200, 1_000);
    Server server = Server.create(stage.programs(), stage.folder().resolve("data"), Map.of());
    try (Field field = Field.open(stage, server, Wrongs.settings());
        Api api = new Api(field)) {
      List<Wrongs.Wrong> wrongs =
          Wrongs.prepare(api).stream().filter(w -> w.status() == Wrongs.REFUSED).toList();
      String before = server.ask(Field.DATABASE, BOOKS);
      List<Sent> kept = refuse(api, wrongs, batches, stage.random());
      requireSame(before, server.ask(Field.DATABASE, BOOKS));
      long refused = (long) batches * Crowds.BATCH_MAX;
      requireRemembered(server, refused);
      Wrongs.mend(api);
      String mended = server.ask(Field.DATABASE, BOOKS);
      for (Sent sent : kept) {
        repeat(api, sent);
      }
      requireSame(mended, server.ask(Field.DATABASE, BOOKS));
      requireRemembered(server, refused);
      Crowds.requireSound(server);
      Map<String, Long> figures = new LinkedHashMap<>();
      figures.put("refusals", refused);
      figures.put("kinds", (long) wrongs.size());
      figures.put("repeats", 2L * kept.size() * Crowds.BATCH_MAX);
      return new Verdict.Held(figures);
    }
  }

  private static List<Sent> refuse(
      Api api, List<Wrongs.Wrong> wrongs, int batches, SplittableRandom random) throws Exception {
    List<Callable<List<Sent>>> callers = new ArrayList<>();
    for (int caller = 0; caller < CALLERS; caller++) {
      SplittableRandom own = random.split();
      int first = caller;
      callers.add(
          () -> {
            List<Sent> kept = new ArrayList<>();
            for (int batch = first; batch < batches; batch += CALLERS) {
              Sent sent = send(api, wrongs, batch, own);
              if (batch % REPEATED == 0) {
                repeat(api, sent);
                kept.add(sent);
              }
            }
            return kept;
          });
    }
    List<Sent> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(CALLERS)) {
      for (Future<List<Sent>> caller : threads.invokeAll(callers)) {
        all.addAll(caller.get());
      }
    }
    return all;
  }

  private static Sent send(Api api, List<Wrongs.Wrong> wrongs, int batch, SplittableRandom random)
      throws InterruptedException {
    String source = random.nextInt(3) == 0 ? "connect" : "quest";
    List<Wrongs.Wrong> its = wrongs.stream().filter(w -> w.source().equals(source)).toList();
    List<Item> items = new ArrayList<>();
    List<String> codes = new ArrayList<>();
    for (int i = 0; i < Crowds.BATCH_MAX; i++) {
      Wrongs.Wrong wrong = its.get(random.nextInt(its.size()));
      items.add(wrong.made().apply("r-" + batch + "-" + i));
      codes.add(wrong.code());
    }
    List<Result> results = api.batch(batch, source, items);
    for (int i = 0; i < items.size(); i++) {
      Result result = results.get(i);
      if (result.status() != Wrongs.REFUSED || !result.code().equals(codes.get(i))) {
        throw new AssertionError("not refused as " + codes.get(i) + ": " + result);
      }
    }
    return new Sent(batch, source, items, results);
  }

  /** By the other process than before: the answer is the same, to the id of the request. */
  private static void repeat(Api api, Sent sent) throws InterruptedException {
    List<Result> again = api.batch(sent.number() + 1, sent.source(), sent.items());
    for (int i = 0; i < again.size(); i++) {
      Result first = sent.results().get(i);
      Result second = again.get(i);
      boolean same = second.status() == first.status() && second.body().equals(first.body());
      if (!same || !second.replay()) {
        throw new AssertionError("repeated: " + first + ", and then " + second);
      }
    }
  }

  private static void requireRemembered(Server server, long refused) throws SQLException {
    Crowds.require(
        "remembered refusals", refused, Crowds.number(server, "SELECT count(*) FROM refusal"));
  }

  private static void requireSame(String before, String after) {
    if (!before.equals(after)) {
      throw new AssertionError("refused, and yet the books were " + before + " and are " + after);
    }
  }
}
