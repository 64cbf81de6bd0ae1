package points.trials.crowds;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import points.trials.Api;
import points.trials.Field;
import points.trials.Item;
import points.trials.Result;
import points.trials.Server;
import points.trials.Stage;
import points.trials.Trial;
import points.trials.Verdict;

/** One bad operation in a batch of a hundred, at its beginning, in its middle and at its end. */
final class Neighbours implements Trial {
  private static final List<Integer> POSITIONS = List.of(1, 50, 100);
  private static final int BATCH = 100;

  @Override
  public String name() {
    return "neighbours";
  }

  @Override
  public String promise() {
    return "whatever is wrong with one operation of a batch, the 99 beside it are done";
  }

  @Override
  public Verdict run(Stage stage) throws Exception {
    Server server = Server.create(stage.programs(), stage.folder().resolve("data"), Map.of());
    try (Field field = Field.open(stage, server, Wrongs.settings());
        Api api = new Api(field)) {
      List<Wrongs.Wrong> wrongs = Wrongs.prepare(api);
      int batches = 0;
      for (Wrongs.Wrong wrong : wrongs) {
        for (int position : POSITIONS) {
          put(api, wrong, position, batches++);
        }
      }
      Crowds.requireSound(server);
      Map<String, Long> figures = new LinkedHashMap<>();
      figures.put("kinds of error", (long) wrongs.size());
      figures.put(
          "codes", (long) new TreeSet<>(wrongs.stream().map(Wrongs.Wrong::code).toList()).size());
      figures.put("batches", (long) batches);
      figures.put("neighbours done", batches * (BATCH - 1L));
      return new Verdict.Held(figures);
    }
  }

  /** In one batch of its source, among operations that can be done. */
  private static void put(Api api, Wrongs.Wrong wrong, int position, int batch)
      throws InterruptedException {
    String account = "user:neighbours-" + batch;
    String verb = wrong.source().equals("connect") ? "credit" : "debit";
    if (verb.equals("debit")) {
      Item fund = Item.moving("credit", account, BATCH - 1L, "n-fund-" + batch);
      Crowds.prepare(api, "connect", List.of(fund));
    }
    List<Item> items = new ArrayList<>();
    for (int i = 1; i <= BATCH; i++) {
      String id = "n-" + batch + "-" + i;
      items.add(i == position ? wrong.made().apply(id) : Item.moving(verb, account, 1, id));
    }
    List<Result> results = api.batch(batch, wrong.source(), items);
    for (int i = 1; i <= BATCH; i++) {
      Result result = results.get(i - 1);
      boolean right =
          i == position
              ? result.status() == wrong.status() && result.code().equals(wrong.code())
              : result.status() == 201;
      if (!right) {
        throw new AssertionError(
            "at %d beside %s at %d: %s".formatted(i, wrong.code(), position, result));
      }
    }
    long left =
        results
            .get(position == BATCH ? BATCH - 2 : BATCH - 1)
            .body()
            .at("/balance/available")
            .asLong();
    Crowds.require(
        "points after a batch of " + verb + "s", verb.equals("debit") ? 0 : BATCH - 1, left);
  }
}
