package points.service.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import points.kit.TestPostgres;
import points.service.contract.Answer;
import points.service.contract.ApiClient;

/** Two processes of the service on one database: one effect a key, and either may die. */
class TwoProcessesTest {
  private static final int CALLERS = 8;
  private static final int ROUNDS = 12;
  private static final int ACCOUNTS = 20;

  /** The same call through both processes. */
  private record Both(Answer one, Answer other) {}

  @Test
  void oneEffectForEachKeyAndEitherMayDie()
      throws InterruptedException, ExecutionException, TimeoutException {
    long seed = Long.getLong("points.faults.seed", System.nanoTime());
    System.out.println("TwoProcessesTest: -Dpoints.faults.seed=" + seed);
    String database = TestPostgres.shared().newDatabase();
    Books books = new Books(database);
    // Both at once: they also meet while they make the schema.
    try (ServiceProcess first = ServiceProcess.launch(database);
        ServiceProcess second = ServiceProcess.launch(database);
        var threads = Executors.newCachedThreadPool()) {
      first.url();
      second.url();
      String connect = ServiceProcess.key(books, "connect");
      String quest = ServiceProcess.key(books, "quest");
      SplittableRandom random = new SplittableRandom(seed);
      List<Callable<Integer>> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        Twins twins = new Twins(threads, first, second, connect, quest, "t" + i, random.split());
        callers.add(twins::call);
      }
      int keys = 0;
      for (Future<Integer> done : threads.invokeAll(callers, 60, TimeUnit.SECONDS)) {
        keys += done.get();
      }
      assertThat(books.number("SELECT count(*) FROM operation")).isEqualTo(keys);
      books.assertSound();
      System.out.printf("TwoProcessesTest: %d keys, each through both processes%n", keys);
      dieUnderLoad(books, first, second, connect, "term", false);
      dieUnderLoad(books, second, null, connect, "kill", true);
      books.assertSound();
    }
  }

  /** Posts every key to both processes at once. */
  private record Twins(
      java.util.concurrent.ExecutorService threads,
      ServiceProcess first,
      ServiceProcess second,
      String connect,
      String quest,
      String name,
      SplittableRandom random) {
    int call() throws InterruptedException, ExecutionException {
      int keys = 0;
      for (int i = 0; i < ROUNDS; i++) {
        String account = "user:" + random.nextInt(ACCOUNTS);
        int amount = 1 + random.nextInt(20);
        Answer credit = post(connect, "credit", moving(account, 30, keys++));
        Answer debit = post(quest, "debit", moving(account, amount, keys++));
        if (debit.status() < 300) {
          post(quest, "refund", Map.of("transaction_id", id(debit), "external_id", key(keys++)));
        }
        Answer hold = post(quest, "hold", moving(account, amount, keys++));
        if (hold.status() < 300) {
          String verb = random.nextBoolean() ? "capture" : "release";
          post(
              quest,
              verb,
              Map.of("hold_id", hold.text("hold/hold_id"), "external_id", key(keys++)));
        }
        if (i % 3 == 0) {
          post(
              connect,
              "reverse",
              Map.of("transaction_id", id(credit), "external_id", key(keys++), "policy", "debt"));
        }
      }
      return keys;
    }

    private static String id(Answer answer) {
      return answer.text("transaction_id");
    }

    private String key(int serial) {
      return name + "-" + serial;
    }

    private Map<String, Object> moving(String account, int amount, int serial) {
      return Map.of(
          "account", account, "amount", amount, "external_id", key(serial), "reason", "twins");
    }

    private Answer post(String source, String verb, Map<String, Object> body)
        throws InterruptedException, ExecutionException {
      String path = "/internal/" + verb;
      Future<Answer> there = threads.submit(() -> second.as(source).post(path, body));
      Both both = new Both(first.as(source).post(path, body), there.get());
      assertThat(both.other().text()).isEqualTo(both.one().text());
      if (both.one().status() != 422) {
        assertThat(List.of(both.one().status(), both.other().status()))
            .as(both.toString())
            .containsExactlyInAnyOrder(200, 201);
      }
      assertThat(both.one().isReplay()).isNotEqualTo(both.other().isReplay());
      return both.one();
    }
  }

  /** One dies under load; everything acknowledged is there, and the other has never noticed. */
  private static void dieUnderLoad(
      Books books,
      ServiceProcess dying,
      @org.jspecify.annotations.Nullable ServiceProcess living,
      String key,
      String name,
      boolean kill)
      throws InterruptedException, ExecutionException, TimeoutException {
    Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    Queue<String> refused = new ConcurrentLinkedQueue<>();
    Queue<String> broken = new ConcurrentLinkedQueue<>();
    AtomicBoolean stop = new AtomicBoolean();
    ApiClient client = dying.as(key);
    try (var threads = Executors.newFixedThreadPool(CALLERS)) {
      List<Future<?>> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        String prefix = name + "-" + i + "-";
        callers.add(
            threads.submit(
                () -> {
                  for (int n = 0; !stop.get(); n++) {
                    String id = prefix + n;
                    Map<String, Object> body =
                        Map.of(
                            "account",
                            "user:" + n % ACCOUNTS,
                            "amount",
                            1,
                            "external_id",
                            id,
                            "reason",
                            "dying");
                    try {
                      Answer answer = client.post("/internal/credit", body);
                      (answer.status() == 201 ? acknowledged : refused).add(id);
                      if (answer.status() != 201) {
                        assertThat(answer.status()).as(answer.text()).isEqualTo(503);
                      }
                    } catch (UncheckedIOException e) {
                      broken.add(id);
                      return;
                    }
                  }
                }));
      }
      Journal.pause(700);
      if (kill) {
        dying.kill();
      } else {
        dying.terminate();
        assertThat(dying.exitCode()).isEqualTo(143);
      }
      stop.set(true);
      for (Future<?> caller : callers) {
        caller.get(60, TimeUnit.SECONDS);
      }
    }
    System.out.printf(
        "TwoProcessesTest: %s: %d acknowledged, %d refused, %d broken%n",
        name, acknowledged.size(), refused.size(), broken.size());
    assertThat(acknowledged).isNotEmpty();
    String there = "SELECT count(*) FROM transaction WHERE external_id LIKE '" + name + "-%'";
    long effects = books.number(there);
    if (kill) {
      // What was in flight may have been done, and a retry would say so.
      assertThat(effects).isBetween((long) acknowledged.size(), acknowledged.size() + 8L);
    } else {
      // Everything accepted was answered, so nothing was done that nobody was told.
      assertThat(
              books.texts(
                  "SELECT external_id FROM transaction WHERE external_id LIKE '" + name + "-%'"))
          .as(() -> "refused " + refused + ", broken " + broken + ", it said " + dying.errors())
          .containsExactlyInAnyOrderElementsOf(acknowledged);
    }
    acknowledged.forEach(
        id ->
            assertThat(
                    books.number(
                        "SELECT count(*) FROM transaction WHERE external_id = '" + id + "'"))
                .isEqualTo(1));
    if (living != null) {
      broken.addAll(refused);
      for (String id : broken) {
        int n = Integer.parseInt(id.substring(id.lastIndexOf('-') + 1));
        Answer answer =
            living
                .as(key)
                .post(
                    "/internal/credit",
                    Map.of(
                        "account",
                        "user:" + n % ACCOUNTS,
                        "amount",
                        1,
                        "external_id",
                        id,
                        "reason",
                        "dying"));
        assertThat(answer.status()).isEqualTo(201);
      }
    }
  }
}
