package points.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import points.ledger.AccountId;
import points.ledger.Command;
import points.ledger.ExternalKey;
import points.ledger.Ledger;
import points.ledger.Operation;
import points.ledger.Outcome;

/** Full lanes say so at once, and keep room for those who finish what they began. */
class LaneTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Lanes.Size TWO = new Lanes.Size(2, 1000, 500, LONG, LONG);

  private int keys;

  @Test
  void aFullQueueRefusesAndKeepsAShareForCapturesAndReleases() throws Exception {
    SlowLedger ledger = new SlowLedger();
    try (Lanes lanes = lanes(ledger, new Lanes.Size(1, 10, 100, LONG, LONG))) {
      CompletableFuture<Outcome> executing = lanes.submit(credit());
      await(ledger.begun);
      List<CompletableFuture<Outcome>> waiting = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        waiting.add(lanes.submit(credit()));
      }
      assertOverloaded(lanes.submit(credit()));
      waiting.add(lanes.submit(capture()));
      waiting.add(lanes.submit(release()));
      assertOverloaded(lanes.submit(release()));
      ledger.go.countDown();
      executing.get(10, TimeUnit.SECONDS);
      for (CompletableFuture<Outcome> outcome : waiting) {
        outcome.get(10, TimeUnit.SECONDS);
      }
    }
  }

  /** It has a place in no queue, and answers while everybody else waits. */
  @Test
  void whatTheLedgerHasAtHandWaitsForNobody() throws Exception {
    SlowLedger ledger = new SlowLedger();
    Command known = credit();
    Outcome outcome = new Outcome.Invalid("amount", "as the ledger says");
    ledger.atHand = command -> command.equals(known) ? outcome : null;
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (Lanes lanes = new Lanes(ledger, new Lanes.Size(1, 1, 100, LONG, LONG), registry)) {
      CompletableFuture<Outcome> executing = lanes.submit(credit());
      await(ledger.begun);
      assertThat(lanes.submit(known)).isCompletedWithValue(outcome);
      List<CompletableFuture<Outcome>> mixed = lanes.submit(List.of(known, credit(), known));
      assertThat(mixed.get(0)).isCompletedWithValue(outcome);
      assertThat(mixed.get(1)).isNotDone();
      assertThat(mixed.get(2)).isCompletedWithValue(outcome);
      assertThat(lanes.waiting()).isEqualTo(1);
      ledger.go.countDown();
      assertThat(executing.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Posted.class);
      assertThat(mixed.get(1).get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Posted.class);
    }
    assertThat(ledger.batchSizes).containsExactly(1, 1);
    assertThat(
            registry.get("points.operations").tag("outcome", "invalid_request").counter().count())
        .isEqualTo(3);
  }

  @Test
  void aQueueWhoseHeadHasWaitedTooLongRefuses() throws Exception {
    SlowLedger ledger = new SlowLedger();
    try (Lanes lanes = lanes(ledger, new Lanes.Size(1, 1000, 100, LONG, Duration.ofMillis(20)))) {
      CompletableFuture<Outcome> executing = lanes.submit(credit());
      await(ledger.begun);
      CompletableFuture<Outcome> first = lanes.submit(credit());
      Thread.sleep(40);
      assertOverloaded(lanes.submit(credit()));
      CompletableFuture<Outcome> finishing = lanes.submit(capture());
      ledger.go.countDown();
      executing.get(10, TimeUnit.SECONDS);
      assertThat(first.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Posted.class);
      assertThat(finishing.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.HoldNotFound.class);
      assertThat(lanes.submit(credit()).get(10, TimeUnit.SECONDS))
          .isInstanceOf(Outcome.Posted.class);
    }
  }

  @Test
  void whatHasWaitedBeyondItsTimeIsRefusedUnexecuted() throws Exception {
    SlowLedger ledger = new SlowLedger();
    try (Lanes lanes = lanes(ledger, new Lanes.Size(1, 1000, 100, Duration.ofMillis(500), LONG))) {
      CompletableFuture<Outcome> executing = lanes.submit(credit());
      await(ledger.begun);
      CompletableFuture<Outcome> late = lanes.submit(credit());
      Thread.sleep(600);
      ledger.go.countDown();
      executing.get(10, TimeUnit.SECONDS);
      assertOverloaded(late);
    }
    assertThat(ledger.model.account(new AccountId("user:1")).seq()).isEqualTo(1);
  }

  @Test
  void littleThatWaitsInManyLanesIsOneBatch() throws Exception {
    SlowLedger ledger = new SlowLedger();
    List<CompletableFuture<Outcome>> waiting = new ArrayList<>();
    try (Lanes lanes = lanes(ledger, new Lanes.Size(1, 1000, 1000, LONG, LONG))) {
      CompletableFuture<Outcome> executing = lanes.submit(credit());
      await(ledger.begun);
      for (int i = 0; i < 40; i++) {
        waiting.add(lanes.submit(creditTo("user:" + i)));
      }
      ledger.go.countDown();
      executing.get(10, TimeUnit.SECONDS);
    }
    assertThat(waiting).allMatch(outcome -> outcome.join() instanceof Outcome.Posted);
    assertThat(ledger.batchSizes).containsExactly(1, 40);
  }

  @Test
  void muchThatWaitsIsSharedByTheCommitters() throws Exception {
    CountDownLatch two = new CountDownLatch(2);
    SlowLedger ledger = new SlowLedger();
    ledger.go.countDown();
    ledger.whileExecuting =
        batch -> {
          two.countDown();
          await(two);
        };
    List<Command> many = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      many.add(creditTo("user:" + i));
    }
    try (Lanes lanes = lanes(ledger, new Lanes.Size(2, 1000, 500, LONG, LONG))) {
      // The first waits in its batch for a second one: alone it would never end.
      for (CompletableFuture<Outcome> outcome : lanes.submit(many)) {
        assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(Outcome.Posted.class);
      }
    }
  }

  /** They may wait for company, but not for the end of whatever is under way. */
  @ParameterizedTest
  @ValueSource(ints = {1, 14, 40})
  void besideABatchThatIsStuckTheOtherLanesGoOn(int stuck) throws Exception {
    StuckLedger ledger = new StuckLedger();
    try (Lanes lanes = lanes(ledger.slow, TWO)) {
      List<CompletableFuture<Outcome>> waiting = ledger.occupy(lanes, stuck);
      for (int i = 0; i < 5; i++) {
        assertPosted(List.of(lanes.submit(creditTo(inAnotherLane()))));
      }
      assertThat(waiting).noneMatch(CompletableFuture::isDone);
      ledger.free.countDown();
      assertPosted(waiting);
    }
  }

  @Test
  void besideABatchOfManyAnotherWaitsUntilItIsWorthItsCommit() throws Exception {
    StuckLedger ledger = new StuckLedger();
    try (Lanes lanes = new Lanes(ledger.slow, TWO, LONG, new SimpleMeterRegistry())) {
      List<CompletableFuture<Outcome>> waiting = ledger.occupy(lanes, 14);
      List<CompletableFuture<Outcome>> others = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        others.add(lanes.submit(creditTo(inAnotherLane())));
      }
      assertPosted(others);
      ledger.free.countDown();
      assertPosted(waiting);
    }
    assertThat(ledger.slow.batchSizes).containsExactly(14, 16);
  }

  @Test
  void besideABatchOfFewAnotherBeginsAtOnce() throws Exception {
    StuckLedger ledger = new StuckLedger();
    try (Lanes lanes = new Lanes(ledger.slow, TWO, LONG, new SimpleMeterRegistry())) {
      List<CompletableFuture<Outcome>> waiting = ledger.occupy(lanes, 10);
      assertPosted(List.of(lanes.submit(creditTo(inAnotherLane()))));
      ledger.free.countDown();
      assertPosted(waiting);
    }
  }

  @Test
  void whoWaitsForCompanyGoesOnWhenTheOtherBatchEnds() throws Exception {
    StuckLedger ledger = new StuckLedger();
    try (Lanes lanes = new Lanes(ledger.slow, TWO, LONG, new SimpleMeterRegistry())) {
      List<CompletableFuture<Outcome>> waiting = ledger.occupy(lanes, 14);
      CompletableFuture<Outcome> other = lanes.submit(creditTo(inAnotherLane()));
      ledger.free.countDown();
      assertPosted(waiting);
      assertPosted(List.of(other));
      assertPosted(List.of(lanes.submit(credit())));
    }
  }

  @Test
  void anAccountIsInOneBatchAtATimeAndItsCommandsKeepTheirOrder() {
    long seed = System.nanoTime();
    System.out.println("LaneTest: seed " + seed);
    Random random = new Random(seed);
    SlowLedger ledger = new SlowLedger();
    ledger.go.countDown();
    Set<Integer> underWay = ConcurrentHashMap.newKeySet();
    Queue<String> twice = new ConcurrentLinkedQueue<>();
    ledger.whileExecuting =
        batch -> {
          Set<Integer> accounts =
              batch.stream().map(c -> c.operation().bucket()).collect(Collectors.toSet());
          accounts.stream()
              .filter(account -> !underWay.add(account))
              .forEach(account -> twice.add("bucket " + account));
          LockSupport.parkNanos(200_000);
          underWay.removeAll(accounts);
        };
    Map<String, List<String>> submitted = new HashMap<>();
    List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
    try (Lanes lanes = lanes(ledger, new Lanes.Size(4, 5000, 20, LONG, LONG))) {
      for (int i = 0; i < 5_000; i++) {
        Command command = creditTo("user:" + random.nextInt(30));
        outcomes.add(lanes.submit(command));
        submitted
            .computeIfAbsent(
                ((Operation.OnAccount) command.operation()).account().name(),
                name -> new ArrayList<>())
            .add(command.key().externalId());
      }
    }
    assertThat(outcomes).allMatch(outcome -> outcome.join() instanceof Outcome.Posted);
    assertThat(twice).isEmpty();
    submitted.forEach(
        (account, ids) ->
            assertThat(ledger.model.history(new AccountId(account)))
                .extracting(t -> t.key().externalId())
                .containsExactlyElementsOf(ids));
  }

  static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Lanes lanes(Ledger ledger, Lanes.Size size) {
    return new Lanes(ledger, size, new SimpleMeterRegistry());
  }

  private static void assertOverloaded(CompletableFuture<Outcome> outcome) {
    assertThatThrownBy(outcome::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(Lanes.Overloaded.class);
  }

  private static void assertPosted(List<CompletableFuture<Outcome>> outcomes) throws Exception {
    for (CompletableFuture<Outcome> outcome : outcomes) {
      assertThat(outcome.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Posted.class);
    }
  }

  /** The lane of {@link #credit} is under way until it is freed. */
  private final class StuckLedger {
    final SlowLedger slow = new SlowLedger();
    final CountDownLatch free = new CountDownLatch(1);
    private final CountDownLatch stuck = new CountDownLatch(1);

    StuckLedger() {
      slow.go.countDown();
      slow.whileExecuting =
          batch -> {
            if (batch.getFirst().operation().bucket() == bucket("user:1")) {
              stuck.countDown();
              await(free);
            }
          };
    }

    /** Begins a batch of so many commands, which stays under way. */
    List<CompletableFuture<Outcome>> occupy(Lanes lanes, int commands) {
      List<Command> batch = Stream.generate(LaneTest.this::credit).limit(commands).toList();
      List<CompletableFuture<Outcome>> outcomes = lanes.submit(batch);
      await(stuck);
      return outcomes;
    }
  }

  private static int bucket(String account) {
    return new AccountId(account).bucket();
  }

  /** An account that has another lane than that of {@link #credit}, however many there are. */
  private static String inAnotherLane() {
    int odd = bucket("user:1") % 2; // lanes are an even number
    return Stream.iterate(2, i -> i + 1)
        .map(i -> "user:" + i)
        .filter(account -> bucket(account) % 2 != odd)
        .findFirst()
        .orElseThrow();
  }

  private Command credit() {
    return creditTo("user:1");
  }

  private Command creditTo(String account) {
    return command(new Operation.Credit(new AccountId(account), 1, null, null));
  }

  private Command capture() {
    return command(new Operation.Capture(holdInThatLane(), null, true));
  }

  private Command release() {
    return command(new Operation.Release(holdInThatLane()));
  }

  /** Of which nobody knows, in the lane of {@link #credit}: an id ends with its bucket. */
  private static UUID holdInThatLane() {
    UUID any = UUID.randomUUID();
    long bucket = new AccountId("user:1").bucket();
    return new UUID(
        any.getMostSignificantBits(), (any.getLeastSignificantBits() & -0x1000L) | bucket);
  }

  private Command command(Operation operation) {
    return new Command(new ExternalKey("test", "k" + keys++), operation, "test", null, "r");
  }
}
