package points.trials.crowds;

import static points.trials.Item.moving;
import static points.trials.Item.ofHold;
import static points.trials.Item.ofTransaction;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import points.trials.Api;
import points.trials.Field;
import points.trials.Item;
import points.trials.Reply;
import points.trials.Result;
import points.trials.Stage;
import points.trials.Trial;
import points.trials.Verdict;

/**
 * Fifty callers with one external id, all at once, through both processes: on every verb, where it
 * is done and where it is refused. A remembered refusal is answered with the first answer's very
 * body, the id of the first request included, so all fifty bodies are equal in either case.
 */
final class OneEffect implements Trial {
  private static final int CALLERS = 50;
  private static final List<String> VERBS =
      List.of("credit", "debit", "hold", "capture", "release", "refund", "reverse");

  /** More than anybody has, holds or was charged. */
  private static final int TOO_MUCH = 1_000;

  @Override
  public String name() {
    return "one-effect";
  }

  @Override
  public String promise() {
    return "fifty calls at once with one external id have one effect and one answer, on every verb";
  }

  @Override
  public Verdict run(Stage stage) throws Exception {
    int ids = stage.scale().of(1_000, 2_000, 10_000);
    try (Field field = Field.open(stage);
        Api api = new Api(field);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Prepared prepared = Prepared.make(api, ids);
      long before = transactions(field);
      int refused = 0;
      for (int i = 0; i < ids; i++) {
        requireOne(atOnce(api, threads, prepared, i), isRefused(i), prepared.item(i));
        refused += isRefused(i) ? 1 : 0;
      }
      Crowds.require("effects", ids - refused, transactions(field) - before);
      Crowds.require(
          "remembered refusals",
          refused,
          Crowds.number(field.server(), "SELECT count(*) FROM refusal"));
      Crowds.requireSound(field.server());
      Map<String, Long> figures = new LinkedHashMap<>();
      figures.put("external ids", (long) ids);
      figures.put("of them refused", (long) refused);
      figures.put("calls", (long) ids * CALLERS);
      return new Verdict.Held(figures);
    }
  }

  private static long transactions(Field field) throws SQLException {
    return Crowds.number(field.server(), "SELECT count(*) FROM transaction");
  }

  private static String verb(int id) {
    return VERBS.get(id % VERBS.size());
  }

  /** A third of them can only be refused. */
  private static boolean isRefused(int id) {
    return id / VERBS.size() % 3 == 0;
  }

  private static String source(String verb) {
    return verb.equals("credit") || verb.equals("reverse") ? "connect" : "quest";
  }

  private static List<Reply> atOnce(Api api, ExecutorService threads, Prepared prepared, int id)
      throws Exception {
    Item item = prepared.item(id);
    CyclicBarrier together = new CyclicBarrier(CALLERS);
    List<Callable<Reply>> calls = new ArrayList<>();
    for (int caller = 0; caller < CALLERS; caller++) {
      int turn = caller;
      calls.add(
          () -> {
            together.await();
            return api.alone(turn, source(item.verb()), item);
          });
    }
    List<Reply> replies = new ArrayList<>();
    for (Future<Reply> reply : threads.invokeAll(calls)) {
      replies.add(reply.get());
    }
    return replies;
  }

  private static void requireOne(List<Reply> replies, boolean refused, Item item) {
    Set<String> bodies = new HashSet<>();
    int first = 0;
    for (Reply reply : replies) {
      boolean right =
          refused ? reply.isRefused() : reply.status() == (reply.isReplay() ? 200 : 201);
      if (!right) {
        throw new AssertionError(item + " is answered " + reply);
      }
      first += reply.isReplay() ? 0 : 1;
      bodies.add(reply.text());
    }
    if (first != 1 || bodies.size() != 1) {
      throw new AssertionError(item + ": " + first + " first answers, different ones: " + bodies);
    }
  }

  /**
   * What the calls are about: for each external id an account with points, and a hold or a charge
   * where the verb needs one.
   */
  private record Prepared(Map<Integer, String> credits, Map<Integer, String> subjects) {
    static Prepared make(Api api, int ids) throws InterruptedException {
      Prepared prepared = new Prepared(new HashMap<>(), new HashMap<>());
      List<Item> credits = new ArrayList<>();
      for (int i = 0; i < ids; i++) {
        credits.add(moving("credit", account(i), 100, "fund-" + i));
      }
      List<Result> funded = Crowds.prepare(api, "connect", credits);
      List<Integer> owners = new ArrayList<>();
      List<Item> subjects = new ArrayList<>();
      for (int i = 0; i < ids; i++) {
        prepared.credits().put(i, funded.get(i).transactionId());
        String needs =
            switch (verb(i)) {
              case "capture", "release" -> "hold";
              case "refund" -> "debit";
              default -> "";
            };
        if (!needs.isEmpty()) {
          owners.add(i);
          subjects.add(moving(needs, account(i), 30, "subject-" + i));
        }
      }
      List<Result> made = Crowds.prepare(api, "quest", subjects);
      for (int i = 0; i < made.size(); i++) {
        Result result = made.get(i);
        prepared
            .subjects()
            .put(
                owners.get(i),
                result.holdId().isEmpty() ? result.transactionId() : result.holdId());
      }
      prepared.spoil(api, ids);
      return prepared;
    }

    /** What cannot be refused for its amount is refused for something that happened before. */
    private void spoil(Api api, int ids) throws InterruptedException {
      List<Item> ended = new ArrayList<>();
      for (int i = 0; i < ids; i++) {
        if (isRefused(i) && verb(i).equals("release")) {
          ended.add(ofHold("release", subject(i), "ended-" + i));
        } else if (isRefused(i) && verb(i).equals("credit")) {
          Crowds.freeze(api, account(i));
        }
      }
      Crowds.prepare(api, "quest", ended);
    }

    private static String account(int id) {
      return "user:one-" + id;
    }

    private String subject(int id) {
      return subjects.getOrDefault(id, "");
    }

    /** The call for an external id, the same every time. */
    Item item(int id) {
      String externalId = "one-" + id;
      int amount = isRefused(id) ? TOO_MUCH : 7;
      String verb = verb(id);
      return switch (verb) {
        case "capture" -> ofHold(verb, subject(id), externalId).with("amount", amount);
        case "release" -> ofHold(verb, subject(id), externalId);
        case "refund" -> ofTransaction(verb, subject(id), externalId).with("amount", amount);
        case "reverse" ->
            ofTransaction(verb, credits.getOrDefault(id, ""), externalId).with("amount", amount);
        default -> moving(verb, account(id), amount, externalId);
      };
    }
  }
}
