package points.trials;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Callers that do everything at once on a few hot accounts, through both processes, with a fifth of
 * all calls repeated, and that write down what they were told. A call whose answer is lost is
 * sometimes repeated at once and sometimes left for later. Thread-safe.
 */
final class Workload implements AutoCloseable {
  private static final int CALLERS = 12;
  private static final int ACCOUNTS = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(12);
  private static final int HOLD_SECONDS = 86_400;
  private static final int RECENT = 40;

  /** A transaction that a later call can refer to. */
  private record Reference(String source, String id) {}

  private final String name;
  private final int accounts;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final List<URI> services;
  private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
  private final AtomicBoolean stop = new AtomicBoolean();
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicLong unanswered = new AtomicLong();
  private final AtomicLong repeats = new AtomicLong();
  private final Recent<Reference> holds = new Recent<>(RECENT);
  private final Recent<Reference> charges = new Recent<>(RECENT);
  private final Recent<Reference> credits = new Recent<>(RECENT);
  private final Recent<Call> known = new Recent<>(2_000);

  Workload(List<URI> services) {
    this(services, "hot", ACCOUNTS);
  }

  /** One of several on the same services: its accounts and external ids begin with its name. */
  Workload(List<URI> services, String name, int accounts) {
    this.services = services;
    this.name = name;
    this.accounts = accounts;
  }

  /** Begins, as fast as it can. */
  void start(SplittableRandom random) {
    start(random, 0);
  }

  /**
   * Begins.
   *
   * @param pauseMillis how long each caller waits after each of its operations
   */
  void start(SplittableRandom random, int pauseMillis) {
    for (int i = 0; i < CALLERS; i++) {
      SplittableRandom own = random.split();
      String caller = name + ".c" + i + "-";
      var unused =
          threads.submit(
              () -> {
                try {
                  for (int n = 0; !stop.get(); n++) {
                    step(own, caller + n);
                    Server.pause(pauseMillis);
                  }
                } catch (RuntimeException | Error e) {
                  wrong.add("a caller failed: " + e);
                }
              });
    }
  }

  /** Ends, and waits for what is under way. */
  void stop() throws InterruptedException {
    stop.set(true);
    threads.shutdown();
    if (!threads.awaitTermination(60, TimeUnit.SECONDS)) {
      wrong.add("callers hang");
    }
  }

  /** Waits until there are so many operations. */
  void awaitCalls(int count) {
    // The queue counts by walking through it: not all the time.
    while (calls.size() < count && wrong.isEmpty()) {
      Server.pause(10);
    }
  }

  /** All operations, in no particular order. */
  List<Call> calls() {
    return new ArrayList<>(calls);
  }

  /** The external ids whose outcome is known. */
  Set<String> acknowledged() {
    return calls.stream()
        .filter(c -> c.reply() != null)
        .map(c -> c.externalId)
        .collect(Collectors.toSet());
  }

  /** The accounts that it works on. */
  List<String> accounts() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < accounts; i++) {
      all.add("user:" + name + i);
    }
    return all;
  }

  /** What must not have been answered, or not so. */
  List<String> wrong() {
    return new ArrayList<>(wrong);
  }

  /** How many calls were left without an answer, or told to come back. */
  long unanswered() {
    return unanswered.get();
  }

  /** How many calls were repeated after their outcome was known. */
  long repeats() {
    return repeats.get();
  }

  private void step(SplittableRandom random, String id) {
    if (random.nextInt(5) == 0) {
      Call before = known.any(random);
      if (before != null) {
        repeat(before, random);
        return;
      }
    }
    Call call = next(random, id);
    calls.add(call);
    for (int attempt = 0; !send(call, random) && attempt < 3 && random.nextBoolean(); attempt++) {
      Server.pause(20);
    }
  }

  private Call next(SplittableRandom random, String id) {
    String account = "user:" + name + random.nextInt(accounts);
    int amount = 1 + random.nextInt(50);
    String buyer = random.nextBoolean() ? "quest" : "voucher";
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> moving("connect", "credit", account, amount, id, expiry(random));
      case 3 -> moving(buyer, "debit", account, amount, id, "");
      case 4, 5 -> moving(buyer, "hold", account, amount, id, ",\"expires_in\":" + HOLD_SECONDS);
      case 6, 7 -> {
        Reference hold = holds.any(random);
        boolean capture = random.nextInt(3) > 0;
        String part = capture && random.nextBoolean() ? ",\"amount\":%d".formatted(amount) : "";
        String rest = part + (capture && random.nextBoolean() ? ",\"final\":false" : "");
        yield hold == null
            ? moving("connect", "credit", account, amount, id, "")
            : about(hold, capture ? "capture" : "release", "hold_id", id, rest);
      }
      case 8 -> {
        Reference charge = charges.any(random);
        String part = random.nextBoolean() ? ",\"amount\":%d".formatted(amount) : "";
        yield charge == null
            ? moving(buyer, "debit", account, amount, id, "")
            : about(charge, "refund", "transaction_id", id, part);
      }
      default -> {
        Reference credit = credits.any(random);
        String policy = List.of("reject", "within_balance", "debt").get(random.nextInt(3));
        yield credit == null
            ? moving("connect", "credit", account, amount, id, "")
            : about(credit, "reverse", "transaction_id", id, ",\"policy\":\"" + policy + "\"");
      }
    };
  }

  /** Some points expire, but not while this lasts. */
  private static String expiry(SplittableRandom random) {
    return random.nextInt(3) == 0 ? ",\"expires_at\":\"2099-01-01T00:00:00Z\"" : "";
  }

  private static Call moving(
      String source, String verb, String account, int amount, String id, String rest) {
    String body =
        "{\"account\":\"%s\",\"amount\":%d,\"external_id\":\"%s\",\"reason\":\"trial\"%s}"
            .formatted(account, amount, id, rest);
    return new Call(source, "/internal/" + verb, id, body);
  }

  private static Call about(Reference what, String verb, String name, String id, String rest) {
    String body = "{\"%s\":\"%s\",\"external_id\":\"%s\"%s}".formatted(name, what.id(), id, rest);
    return new Call(what.source(), "/internal/" + verb, id, body);
  }

  /** One attempt; whether the outcome is known now. */
  boolean send(Call call, SplittableRandom random) {
    Reply reply = exchange(call, random);
    if (reply == null || reply.isUnknown()) {
      unanswered.incrementAndGet();
      return false;
    }
    if (!reply.isDone() && !reply.isRefused()) {
      wrong.add("not to be answered so: " + call + " -> " + reply);
      return true;
    }
    call.known(reply);
    known.add(call);
    if (reply.isDone()) {
      remember(call, reply);
    }
    return true;
  }

  private void remember(Call call, Reply reply) {
    Reference made = new Reference(call.source, reply.body().path("transaction_id").asText());
    switch (call.path) {
      case "/internal/credit" -> credits.add(made);
      case "/internal/debit", "/internal/capture" -> charges.add(made);
      case "/internal/hold" ->
          holds.add(new Reference(call.source, reply.body().path("hold").path("hold_id").asText()));
      default -> {}
    }
  }

  /** The same call again must be answered the same. */
  boolean repeat(Call call, SplittableRandom random) {
    Reply first = call.reply();
    Reply again = exchange(call, random);
    if (first == null || again == null || again.isUnknown()) {
      unanswered.incrementAndGet();
      return false;
    }
    repeats.incrementAndGet();
    boolean same =
        again.text().equals(first.text())
            && again.isReplay()
            && again.isDone() == first.isDone()
            && again.isRefused() == first.isRefused();
    if (!same) {
      wrong.add("repeated: " + call + ", and then -> " + again);
    }
    return true;
  }

  private @org.jspecify.annotations.Nullable Reply exchange(Call call, SplittableRandom random) {
    HttpRequest request =
        HttpRequest.newBuilder(services.get(random.nextInt(services.size())).resolve(call.path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + Field.key(call.source))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(call.body))
            .build();
    try {
      return Reply.of(http.send(request, HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      Server.pause(10); // nobody there: not as fast as the machine can
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    stop.set(true);
    threads.shutdownNow();
    http.shutdownNow();
  }
}
