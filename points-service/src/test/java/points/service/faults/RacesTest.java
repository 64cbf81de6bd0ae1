package points.service.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import points.kit.TestPostgres;
import points.service.TestService;
import points.service.contract.Answer;
import points.service.contract.ApiClient;

/** A hold ends once, whoever wants to end it; and nothing that callers do at once loses a point. */
class RacesTest {
  private static final int HOLDS = 300;
  private static final int ACCOUNTS = 20;
  private static final int CALLERS = 16;
  private static final int CALLS = 30;

  @Test
  void aHoldEndsOnce() throws InterruptedException, ExecutionException {
    long seed = Long.getLong("points.faults.seed", System.nanoTime());
    System.out.println("RacesTest: -Dpoints.faults.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    try (TestService service =
            TestService.start(TestPostgres.shared().newDatabase(), Map.of("due.interval", "20ms"));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      ApiClient connect = service.as("connect");
      ApiClient quest = service.as("quest");
      for (int i = 0; i < ACCOUNTS; i++) {
        Map<String, Object> credit = new HashMap<>(moving("user:" + i, 1000, "c" + i));
        credit.put("expires_at", "2099-01-01T00:00:00Z");
        assertThat(connect.post("/internal/credit", credit).status()).isEqualTo(201);
      }
      List<Map<String, Object>> operations = new ArrayList<>();
      for (int i = 0; i < HOLDS; i++) {
        Map<String, Object> hold = new HashMap<>(moving("user:" + i % ACCOUNTS, 10, "h" + i));
        hold.put("op", "hold");
        hold.put("expires_in", 2 + i % 3);
        operations.add(hold);
      }
      Answer placed = quest.post("/internal/batch", Map.of("operations", operations));
      List<Future<String>> races = new ArrayList<>();
      for (int i = 0; i < HOLDS; i++) {
        var body = placed.member("results").get(i).get("body");
        assertThat(body.has("hold")).as(body.toString()).isTrue();
        String id = body.at("/hold/hold_id").asText();
        Instant expiry = Instant.parse(body.at("/hold/expires_at").asText());
        long early = random.nextInt(-60, 120);
        races.add(threads.submit(() -> race(quest, id, expiry.minusMillis(early))));
      }
      Map<String, Integer> winners = new HashMap<>();
      for (Future<String> race : races) {
        winners.merge(race.get(), 1, Integer::sum);
      }
      System.out.println("RacesTest: " + HOLDS + " holds ended as " + winners);
      Books books = new Books(service.databaseUrl());
      // A hold is over for callers from its very time on; that is posted within seconds.
      winners.forEach(
          (status, count) ->
              Awaitility.await()
                  .atMost(Duration.ofSeconds(30))
                  .untilAsserted(
                      () ->
                          assertThat(
                                  books.number(
                                      "SELECT count(*) FROM hold WHERE status = '" + status + "'"))
                              .as(status)
                              .isEqualTo(count.longValue())));
      assertThat(books.number("SELECT sum(held) FROM account")).isZero();
      books.assertSound();
    }
  }

  /** Ends a hold in three ways at once; the expiry is the fourth. Returns how it ended. */
  private static String race(ApiClient quest, String hold, Instant at)
      throws InterruptedException, ExecutionException {
    Journal.pause(Math.max(0, Instant.now().until(at, ChronoUnit.MILLIS)));
    List<Callable<Answer>> calls =
        List.of(
            () -> quest.post("/internal/capture", ending(hold, "a-" + hold)),
            () -> quest.post("/internal/capture", ending(hold, "b-" + hold)),
            () -> quest.post("/internal/release", ending(hold, "r-" + hold)));
    List<String> won = new ArrayList<>();
    List<Answer> lost = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Answer> call : threads.invokeAll(calls)) {
        Answer answer = call.get();
        if (answer.status() == 201) {
          won.add(answer.text("hold/status"));
        } else {
          lost.add(answer);
        }
      }
    }
    assertThat(won).hasSizeLessThanOrEqualTo(1);
    String ended = won.isEmpty() ? "expired" : won.getFirst();
    for (Answer answer : lost) {
      assertThat(answer.code()).as(answer.text()).isEqualTo("hold_not_active");
      assertThat(answer.text("hold/status")).as(answer.text()).isEqualTo(ended);
    }
    return ended;
  }

  @Test
  void nothingIsLostBetweenManyCallers() throws InterruptedException, ExecutionException {
    long seed = Long.getLong("points.faults.seed", System.nanoTime());
    System.out.println("RacesTest: -Dpoints.faults.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    try (TestService service =
            TestService.start(TestPostgres.shared().newDatabase(), Map.of("due.interval", "20ms"));
        var threads = Executors.newFixedThreadPool(CALLERS)) {
      AtomicInteger done = new AtomicInteger();
      List<Callable<Boolean>> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        Mix mix =
            new Mix(service.as("connect"), service.as("quest"), random.split(), "m" + i, done);
        callers.add(mix::run);
      }
      for (Future<Boolean> caller : threads.invokeAll(callers, 60, TimeUnit.SECONDS)) {
        assertThat(caller.get()).isTrue();
      }
      Journal.pause(4500); // what expires has expired
      Books books = new Books(service.databaseUrl());
      books.assertSound();
      System.out.printf(
          "RacesTest: %d calls, %d transactions, %d of them by the clock%n",
          done.get(),
          books.number("SELECT count(*) FROM transaction"),
          books.number(
              "SELECT count(*) FROM transaction"
                  + " WHERE type IN ('expire_hold', 'expire_lot', 'activate')"));
      assertThat(books.number("SELECT sum(available + held + pending - debt) FROM account"))
          .isEqualTo(-books.number("SELECT sum(counter_change) FROM transaction"));
    }
  }

  /** One caller of everything. */
  private static final class Mix {
    private final ApiClient connect;
    private final ApiClient quest;
    private final SplittableRandom random;
    private final String name;
    private final AtomicInteger done;
    private int serial;

    Mix(
        ApiClient connect,
        ApiClient quest,
        SplittableRandom random,
        String name,
        AtomicInteger done) {
      this.connect = connect;
      this.quest = quest;
      this.random = random;
      this.name = name;
      this.done = done;
    }

    boolean run() {
      for (int i = 0; i < CALLS; i++) {
        String account = "user:" + random.nextInt(ACCOUNTS);
        int amount = 1 + random.nextInt(40);
        Answer credit = credit(account, amount);
        switch (random.nextInt(4)) {
          case 0 -> {
            Answer debit = post(quest, "debit", moving(account, amount, id()));
            if (debit.status() == 201) {
              post(quest, "refund", of(debit));
            }
          }
          case 1, 2 -> hold(account, amount);
          default -> {
            Map<String, Object> reverse = new HashMap<>(of(credit));
            reverse.put("policy", random.nextBoolean() ? "debt" : "reject");
            post(connect, "reverse", reverse);
          }
        }
      }
      return true;
    }

    private Answer credit(String account, int amount) {
      Map<String, Object> credit = new HashMap<>(moving(account, amount, id()));
      Instant soon = Instant.now().plusMillis(1500 + random.nextInt(1500));
      switch (random.nextInt(4)) {
        case 0 -> credit.put("expires_at", soon.toString());
        case 1 -> credit.put("available_at", soon.toString());
        case 2 -> {
          credit.put("available_at", soon.toString());
          credit.put("expires_at", soon.plusMillis(300).toString());
        }
        default -> {} // never expires
      }
      Answer answer = connect.post("/internal/credit", credit);
      if (answer.status() == 400 && Instant.now().isAfter(soon)) {
        // The machine was so busy that its time had come before it did.
        assertThat(answer.member("errors/0/field").asText()).isEqualTo("expires_at");
        return post(connect, "credit", moving(account, amount, id()));
      }
      assertThat(answer.status()).as(answer.text()).isEqualTo(201);
      done.incrementAndGet();
      return answer;
    }

    private void hold(String account, int amount) {
      Map<String, Object> request = new HashMap<>(moving(account, amount, id()));
      request.put("expires_in", 1);
      Answer hold = post(quest, "hold", request);
      if (hold.status() == 201 && random.nextInt(3) > 0) {
        Map<String, Object> part = new HashMap<>(ending(hold.text("hold/hold_id"), id()));
        part.put("amount", 1);
        part.put("final", random.nextBoolean());
        post(quest, "capture", part);
        if (random.nextBoolean()) {
          post(quest, "release", ending(hold.text("hold/hold_id"), id()));
        }
      }
    }

    private Map<String, Object> of(Answer transaction) {
      return Map.of("transaction_id", transaction.text("transaction_id"), "external_id", id());
    }

    private String id() {
      return name + "-" + serial++;
    }

    private Answer post(ApiClient client, String verb, Map<String, Object> body) {
      Answer answer = client.post("/internal/" + verb, body);
      assertThat(answer.status()).as(answer.text()).isIn(201, 422);
      done.incrementAndGet();
      return answer;
    }
  }

  private static Map<String, Object> moving(String account, int amount, String id) {
    return Map.of("account", account, "amount", amount, "external_id", id, "reason", "race");
  }

  private static Map<String, Object> ending(String hold, String id) {
    return Map.of("hold_id", hold, "external_id", id);
  }
}
