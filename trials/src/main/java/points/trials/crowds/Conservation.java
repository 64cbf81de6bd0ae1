package points.trials.crowds;

import static points.trials.Item.moving;
import static points.trials.Item.ofHold;
import static points.trials.Item.ofTransaction;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import points.trials.Api;
import points.trials.Field;
import points.trials.Item;
import points.trials.Result;
import points.trials.Stage;
import points.trials.Trial;
import points.trials.Verdict;

/**
 * Everything at once on twenty accounts, in batches through both processes. What the callers were
 * told adds up to what is there, no balance that anybody is told is below zero, and the books are
 * sound.
 */
final class Conservation implements Trial {
  private static final int THREADS = 16;
  private static final int ACCOUNTS = 20;
  private static final int BATCH = 500;

  /** One batch in so many is sent twice. */
  private static final int REPEATED = 5;

  @Override
  public String name() {
    return "conservation";
  }

  @Override
  public String promise() {
    return "no point comes from nowhere or gets lost, and no balance is ever below zero";
  }

  @Override
  public Verdict run(Stage stage) throws Exception {
    int operations = stage.scale().of(200_000, 1_000_000, 5_000_000);
    try (Field field = Field.open(stage);
        Api api = new Api(field);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      AtomicLong left = new AtomicLong(operations);
      SplittableRandom random = stage.random();
      List<Future<Hand>> hands = new ArrayList<>();
      long start = System.nanoTime();
      for (int i = 0; i < THREADS; i++) {
        Hand hand = new Hand(api, i, random.split());
        hands.add(
            threads.submit(
                () -> {
                  try {
                    while (left.addAndGet(-BATCH) >= 0) {
                      hand.batch();
                    }
                    return hand;
                  } catch (AssertionError e) {
                    left.set(0); // the others need not go on
                    throw e;
                  }
                }));
      }
      Hand all = new Hand(api, THREADS, random);
      for (Future<Hand> hand : hands) {
        all.add(hand.get());
      }
      stage.say(
          "%,d operations a second", operations * 1_000_000_000L / (System.nanoTime() - start));
      all.require(field);
      Crowds.requireSound(field.server());
      Map<String, Long> figures = new LinkedHashMap<>();
      figures.put("operations", (long) operations);
      figures.put("of them refused", all.refused);
      figures.put("repeats", all.repeats);
      return new Verdict.Held(figures);
    }
  }

  /** One caller, and what it was told. One thread at a time. */
  private static final class Hand {
    private final Api api;
    private final int number;
    private final SplittableRandom random;
    private List<String> credits = List.of();
    private List<String> charges = List.of();
    private List<String> holds = List.of();
    private int batches;
    private long in;
    private long out;
    private long done;
    private long refused;
    private long repeats;

    Hand(Api api, int number, SplittableRandom random) {
      this.api = api;
      this.number = number;
      this.random = random;
    }

    /** The operations of one source; what it made is what a later batch is about. */
    void batch() throws InterruptedException {
      String source = batches % 2 == 0 ? "connect" : "quest";
      List<Item> items = new ArrayList<>();
      for (int i = 0; i < BATCH; i++) {
        String id = number + "-" + batches + "-" + i;
        items.add(source.equals("connect") ? crediting(id) : spending(id));
      }
      batches++;
      List<Result> results = api.batch(number + batches, source, items);
      results.forEach(this::count);
      if (random.nextInt(REPEATED) == 0) {
        repeat(source, items, results);
      }
      if (source.equals("connect")) {
        credits = made(results, "credit", Result::transactionId);
      } else {
        List<String> debits = made(results, "debit", Result::transactionId);
        debits.addAll(made(results, "capture", Result::transactionId));
        charges = debits;
        holds = made(results, "hold", Result::holdId);
      }
    }

    private Item crediting(String id) {
      String policy = List.of("reject", "within_balance", "debt").get(random.nextInt(3));
      return random.nextInt(4) == 0 && !credits.isEmpty()
          ? ofTransaction("reverse", any(credits), id).with("policy", "\"" + policy + "\"")
          : moving("credit", account(), amount(), id);
    }

    private Item spending(String id) {
      return switch (random.nextInt(8)) {
        case 0, 1 -> moving("debit", account(), amount(), id);
        case 2 -> charges.isEmpty() ? spending(id) : ofTransaction("refund", any(charges), id);
        case 3, 4 -> holds.isEmpty() ? spending(id) : ofHold("capture", any(holds), id);
        case 5 -> holds.isEmpty() ? spending(id) : ofHold("release", any(holds), id);
        default -> moving("hold", account(), amount(), id);
      };
    }

    private String account() {
      return "user:hot" + random.nextInt(ACCOUNTS);
    }

    private int amount() {
      return 1 + random.nextInt(100);
    }

    private String any(List<String> ids) {
      return ids.get(random.nextInt(ids.size()));
    }

    private static List<String> made(
        List<Result> results, String verb, java.util.function.Function<Result, String> id) {
      List<String> made = new ArrayList<>();
      for (Result result : results) {
        if (result.isDone() && result.item().verb().equals(verb)) {
          made.add(id.apply(result));
        }
      }
      return made;
    }

    private void count(Result result) {
      if (result.status() == Wrongs.REFUSED) {
        refused++;
        return;
      }
      if (!result.isDone()) {
        throw new AssertionError("neither done nor refused: " + result);
      }
      done++;
      switch (result.item().verb()) {
        case "credit", "refund" -> in += result.amount();
        case "debit", "capture", "reverse" -> out += result.amount();
        default -> {}
      }
      for (String part : List.of("available", "held", "pending", "debt")) {
        if (result.body().path("balance").path(part).asLong(-1) < 0) {
          throw new AssertionError(part + " below zero: " + result);
        }
      }
    }

    private void repeat(String source, List<Item> items, List<Result> first)
        throws InterruptedException {
      List<Result> again = api.batch(number + batches + 1, source, items);
      for (int i = 0; i < items.size(); i++) {
        if (!again.get(i).replay() || !again.get(i).body().equals(first.get(i).body())) {
          throw new AssertionError("repeated: " + first.get(i) + ", and then " + again.get(i));
        }
      }
      repeats += items.size();
    }

    void add(Hand other) {
      in += other.in;
      out += other.out;
      done += other.done;
      refused += other.refused;
      repeats += other.repeats;
    }

    /** What all were told is what is there. */
    void require(Field field) throws SQLException {
      Crowds.require(
          "points of all accounts, without their debts",
          in - out,
          Crowds.number(
              field.server(), "SELECT sum(available + held + pending - debt) FROM account"));
      Crowds.require(
          "transactions", done, Crowds.number(field.server(), "SELECT count(*) FROM transaction"));
      Crowds.require(
          "refusals", refused, Crowds.number(field.server(), "SELECT count(*) FROM refusal"));
    }
  }
}
