package points.service.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import points.ledger.AccountId;
import points.ledger.Command;
import points.ledger.ExternalKey;
import points.ledger.Ids;
import points.ledger.InMemoryLedger;
import points.ledger.Limits;
import points.ledger.Operation;
import points.ledger.Outcome;
import points.ledger.RandomOperations;
import points.ledger.Recorded;
import points.ledger.SettableClock;
import points.ledger.Transaction;
import points.ledger.Verb;

/** What is at hand is what was recorded, byte for byte, or nothing. */
class RecentTest {
  private static final Connection CONNECTION = connection();
  private static final AccountId ACCOUNT = new AccountId("user:1");

  private final SettableClock clock = new SettableClock();
  private final InMemoryLedger ledger =
      new InMemoryLedger(clock, new Ids(new Random(1)), Limits.NONE);

  @Test
  void aRepeatGetsTheFirstAnswerAgain() {
    Recent recent = recent(10_000);
    Command command = credit("a", 5);
    assertThat(recent.recall(command)).isNull();
    Transaction posted = add(recent, command);
    assertThat(recent.recall(command)).isEqualTo(new Outcome.Replayed(posted));
    assertThat(recent.recall(credit("b", 5))).isNull();
  }

  @Test
  void theSameKeyForSomethingElseIsAConflict() {
    Recent recent = recent(10_000);
    Transaction posted = add(recent, credit("a", 5));
    assertThat(recent.recall(credit("a", 6)))
        .isEqualTo(new Outcome.Conflicting(List.of("amount"), posted.id()));
  }

  @Test
  void theSameIdOfAnotherSourceIsAnotherKey() {
    Recent recent = recent(10_000);
    Command command = credit("a", 5);
    add(recent, command);
    ExternalKey others = new ExternalKey("quest", "a");
    assertThat(recent.recall(new Command(others, command.operation(), null, null, null))).isNull();
  }

  @Test
  void whatIsNotRememberedForEverIsNotKept() {
    Recent recent = recent(10_000);
    Command command =
        command("a", new Operation.Release(new Ids(new Random(2)).next(clock.instant(), 1)));
    Outcome outcome = ledger.execute(List.of(command)).getFirst();
    assertThat(outcome).isInstanceOf(Outcome.HoldNotFound.class);
    recent.add(List.of(outcome), recent.begin(CONNECTION), System.nanoTime());
    assertThat(recent.recall(command)).isNull();
  }

  /** Over and over: the latest of them are there, the older ones are not, and none is another's. */
  @Test
  void theNewestOverwriteTheOldest() {
    Recent recent = recent(20_000);
    List<Command> commands = new ArrayList<>();
    List<Transaction> posted = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      Command command = credit("id-" + i * i, 1 + i % 7);
      commands.add(command);
      posted.add(add(recent, command));
    }
    int there = 0;
    for (int i = 0; i < commands.size(); i++) {
      Outcome recalled = recent.recall(commands.get(i));
      if (recalled != null) {
        assertThat(recalled).isEqualTo(new Outcome.Replayed(posted.get(i)));
        there++;
      } else {
        assertThat(there).as("newer ones are there, this one is not").isZero();
      }
    }
    assertThat(there).isBetween(40, 80);
  }

  @Test
  void twoKeysOfOneHashAreNotTakenForEachOther() {
    Recent recent = recent(10_000);
    assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
    Transaction first = add(recent, credit("Aa", 1));
    assertThat(recent.recall(credit("BB", 1))).isNull();
    Transaction second = add(recent, credit("BB", 2));
    assertThat(recent.recall(credit("BB", 2))).isEqualTo(new Outcome.Replayed(second));
    assertThat(recent.recall(credit("Aa", 1))).isIn(null, new Outcome.Replayed(first));
  }

  @Test
  void whatWouldTakeTooMuchOfItIsNotKept() {
    Recent recent = recent(4_000);
    Command small = credit("small", 1);
    add(recent, small);
    Command large = withMetadata("large", "{\"text\":\"" + "ü".repeat(1_000) + "\"}");
    add(recent, large);
    assertThat(recent.recall(large)).isNull();
    assertThat(recent.recall(small)).isNotNull();
    Recent roomy = recent(40_000);
    Outcome again = ledger.execute(List.of(large)).getFirst();
    roomy.add(List.of(again), roomy.begin(CONNECTION), System.nanoTime());
    assertThat(roomy.recall(large)).isEqualTo(again);
  }

  @Test
  void withoutRoomNothingIsKept() {
    Recent recent = recent(0);
    Command command = credit("a", 1);
    add(recent, command);
    assertThat(recent.recall(command)).isNull();
  }

  /** It may be one to a database that was restored meanwhile. */
  @Test
  void aNewConnectionDropsAll() {
    Recent recent = recent(10_000);
    Command before = credit("before", 1);
    add(recent, before);
    recent.begin(CONNECTION);
    assertThat(recent.recall(before)).isNotNull();
    recent.begin(connection());
    assertThat(recent.recall(before)).isNull();
    Command after = credit("after", 1);
    Transaction posted = add(recent, after);
    assertThat(recent.recall(after)).isEqualTo(new Outcome.Replayed(posted));
  }

  /** It was committed, but to a database that is perhaps not the one that is there now. */
  @Test
  void whatBeganBeforeIsNotKeptAfterwards() {
    Recent recent = recent(10_000);
    int before = recent.begin(CONNECTION);
    Outcome outcome = ledger.execute(List.of(credit("a", 1))).getFirst();
    int now = recent.begin(connection());
    recent.add(List.of(outcome), before, System.nanoTime());
    assertThat(recent.isTrusted()).isFalse();
    recent.add(List.of(), now, System.nanoTime());
    assertThat(recent.isTrusted()).isTrue();
    assertThat(recent.recall(credit("a", 1))).isNull();
  }

  @Test
  void nothingIsToldWhenTheDatabaseWasNotSeenLately() {
    Recent recent = new Recent(10_000, Duration.ofMinutes(1));
    assertThat(recent.isTrusted()).isFalse();
    Command command = credit("a", 1);
    Outcome outcome = ledger.execute(List.of(command)).getFirst();
    int era = recent.begin(CONNECTION);
    recent.add(List.of(outcome), era, System.nanoTime() - Duration.ofMinutes(2).toNanos());
    assertThat(recent.isTrusted()).isFalse();
    assertThat(recent.recall(command)).isNull();
    recent.add(List.of(), era, System.nanoTime());
    assertThat(recent.isTrusted()).isTrue();
    assertThat(recent.recall(command)).isNotNull();
  }

  /**
   * Whatever the ledger records, of every verb and every refusal that the random ones come upon.
   */
  @Test
  void everyOutcomeComesBackAsItWas() {
    Set<Verb> verbs = EnumSet.noneOf(Verb.class);
    List<Recorded> refused = new ArrayList<>();
    for (long seed : RandomOperations.seeds(5)) {
      SettableClock time = new SettableClock();
      InMemoryLedger model = new InMemoryLedger(time, new Ids(new Random(seed)), Limits.NONE);
      new RandomOperations(seed, time)
          .run(
              model,
              300,
              (commands, outcomes) -> {
                for (Outcome outcome : outcomes) {
                  Recorded recorded = outcome.recorded();
                  if (recorded != null) {
                    assertThat(throughBytes(recorded)).as("seed %d", seed).isEqualTo(recorded);
                    verbs.add(recorded.request().verb());
                  }
                  if (outcome instanceof Outcome.Refused) {
                    refused.add(recorded);
                  }
                }
              });
    }
    assertThat(verbs).containsExactlyInAnyOrder(Verb.values());
    assertThat(refused).isNotEmpty();
  }

  private static Recorded throughBytes(Recorded recorded) {
    ByteBuffer written = RecordedBytes.write(recorded);
    byte[] bytes = new byte[written.remaining()];
    written.get(bytes);
    return RecordedBytes.read(bytes);
  }

  /** Writers overtake readers all the time; what is read is whole and the key's own. */
  @Test
  void severalThreadsGetNothingButTheTruth() throws Exception {
    Recent recent = recent(20_000);
    List<Command> commands = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      commands.add(credit("id-" + i, 1 + i));
    }
    List<Outcome> outcomes = ledger.execute(commands);
    int era = recent.begin(CONNECTION);
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Integer>> found = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        Random random = new Random(thread);
        found.add(
            threads.submit(
                () -> {
                  start.await();
                  int there = 0;
                  for (int i = 0; i < 20_000; i++) {
                    recent.add(List.of(outcomes.get(random.nextInt(500))), era, System.nanoTime());
                    int asked = random.nextInt(500);
                    Outcome recalled = recent.recall(commands.get(asked));
                    if (recalled != null) {
                      assertThat(recalled).isEqualTo(replayed(outcomes.get(asked)));
                      there++;
                    }
                  }
                  return there;
                }));
      }
      start.countDown();
      for (Future<Integer> each : found) {
        assertThat(each.get()).isPositive();
      }
    }
  }

  private static Recent recent(int capacity) {
    return new Recent(capacity, Duration.ofMinutes(10));
  }

  /** Nothing is asked of it but which one it is. */
  private static Connection connection() {
    return (Connection)
        Proxy.newProxyInstance(
            RecentTest.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" -> proxy == arguments[0];
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private Transaction add(Recent recent, Command command) {
    Outcome outcome = ledger.execute(List.of(command)).getFirst();
    recent.add(List.of(outcome), recent.begin(CONNECTION), System.nanoTime());
    return ((Outcome.Posted) outcome).transaction();
  }

  private static Outcome replayed(Outcome posted) {
    return new Outcome.Replayed(((Outcome.Posted) posted).transaction());
  }

  private static Command credit(String id, long amount) {
    return command(id, new Operation.Credit(ACCOUNT, amount, null, null));
  }

  private static Command withMetadata(String id, String metadata) {
    Operation operation = new Operation.Credit(ACCOUNT, 1, null, null);
    return new Command(new ExternalKey("connect", id), operation, "test", metadata, "request");
  }

  private static Command command(String id, Operation operation) {
    return new Command(new ExternalKey("connect", id), operation, "test", null, "request");
  }
}
