package points.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import points.service.TestService;

/** Whatever happens to an answer, the operation takes effect once and the client finds out. */
class FaultsTest {
  private static final FaultyWire.Fault CUT = new FaultyWire.Fault.Cut();
  private static final FaultyWire.Fault HALF = new FaultyWire.Fault.Half();
  private static final FaultyWire.Fault LATE = new FaultyWire.Fault.Late(Duration.ofMillis(2_500));

  static Stream<List<FaultyWire.Fault>> faults() {
    return Stream.of(
        List.of(CUT),
        List.of(HALF),
        List.of(LATE),
        List.of(CUT, HALF, CUT),
        List.of(FaultyWire.problem(503, "unavailable", 0)),
        List.of(FaultyWire.problem(500, "internal", 0), CUT),
        List.of(FaultyWire.problem(429, "rate_limited", 0)),
        List.of(FaultyWire.instead(502, "", "<html>Bad Gateway</html>")));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void anOperationIsDoneOnceAndItsReplayRecognised(List<FaultyWire.Fault> faults) {
    String account = Clients.account(100);
    try (FaultyWire wire = new FaultyWire().next(faults.toArray(FaultyWire.Fault[]::new));
        PointsClient quest =
            Clients.at(wire.url(), "quest").attemptTimeout(Duration.ofSeconds(1)).build()) {
      Outcome.Done done =
          (Outcome.Done) quest.debit(Debit.of(account, 30, Clients.id(), "quest.purchase"));
      assertThat(done.replayed()).isTrue();
      assertThat(done.receipt().balance().available()).isEqualTo(70);
      assertThat(wire.answers()).isEqualTo(faults.size() + 1);
      assertThat(quest.balance(account).balance().available()).isEqualTo(70);
    }
  }

  @Test
  void aRefusalIsFoundOutToo() {
    String account = Clients.account(10);
    try (FaultyWire wire = new FaultyWire().next(CUT);
        PointsClient quest = Clients.at(wire.url(), "quest").build()) {
      Outcome.Refused refused =
          (Outcome.Refused) quest.debit(Debit.of(account, 30, Clients.id(), "quest.purchase"));
      assertThat(refused.replayed()).isTrue();
      assertThat(refused.problem().available()).isEqualTo(10);
    }
  }

  @Test
  void aBatchIsDoneOnce() {
    String account = Clients.account(100);
    try (FaultyWire wire = new FaultyWire().next(HALF, CUT);
        PointsClient quest = Clients.at(wire.url(), "quest").build()) {
      List<Outcome> outcomes =
          quest.batch(
              List.of(
                  Debit.of(account, 30, Clients.id(), "quest"),
                  Debit.of(account, 20, Clients.id(), "quest")));
      assertThat(outcomes).allMatch(o -> o instanceof Outcome.Done done && done.replayed());
      assertThat(quest.balance(account).balance().available()).isEqualTo(50);
    }
  }

  @Test
  void itemsOfABatchThatWereNotDecidedAreSentAgain() {
    String account = Clients.account(100);
    String overloaded =
        "{\"results\":[{\"status\":503,\"body\":{\"code\":\"overloaded\"}},"
            + "{\"status\":422,\"body\":{\"code\":\"insufficient_points\",\"available\":3}}]}";
    try (FaultyWire wire = new FaultyWire().next(FaultyWire.instead(200, "", overloaded));
        PointsClient quest = Clients.at(wire.url(), "quest").build()) {
      List<Outcome> outcomes =
          quest.batch(
              List.of(
                  Debit.of(account, 30, Clients.id(), "quest"),
                  Debit.of(account, 20, Clients.id(), "quest")));
      assertThat(outcomes.getFirst().receiptOrThrow().amount()).isEqualTo(30);
      assertThat(((Outcome.Refused) outcomes.getLast()).problem().available()).isEqualTo(3);
    }
  }

  @Test
  void connectionsThatAreResetAreMadeAgain() {
    String account = Clients.account(100);
    try (FaultyWire wire = new FaultyWire().refuse(3);
        PointsClient quest = Clients.at(wire.url(), "quest").build()) {
      Outcome.Done done = (Outcome.Done) quest.debit(Debit.of(account, 1, Clients.id(), "quest"));
      assertThat(done.replayed()).isFalse();
    }
  }

  @Test
  void nothingIsKnownOnceTheDeadlineHasPassed() {
    String account = Clients.account(100);
    Debit debit = Debit.of(account, 30, Clients.id(), "quest");
    FaultyWire.Fault[] many =
        Stream.generate(() -> CUT).limit(1000).toArray(FaultyWire.Fault[]::new);
    try (FaultyWire wire = new FaultyWire().next(many);
        PointsClient cut =
            Clients.at(wire.url(), "quest").deadline(Duration.ofMillis(500)).build();
        PointsClient quest = Clients.of("quest")) {
      long start = System.nanoTime();
      Outcome.Unknown unknown = (Outcome.Unknown) cut.debit(debit);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
      assertThat(unknown.detail()).contains("attempts");
      assertThatThrownBy(unknown::receiptOrThrow).isInstanceOf(PointsUnavailable.class);
      assertThat(wire.answers()).isGreaterThan(2);
      Outcome.Done found = (Outcome.Done) quest.debit(debit);
      assertThat(found.replayed()).isTrue();
      assertThat(quest.balance(account).balance().available()).isEqualTo(70);
    }
  }

  @Test
  void nobodyThere() {
    try (PointsClient quest =
        Clients.at(URI.create("http://127.0.0.1:1"), "quest")
            .deadline(Duration.ofMillis(300))
            .build()) {
      assertThat(quest.debit(Debit.of("user:1", 1, Clients.id(), "quest")))
          .isInstanceOf(Outcome.Unknown.class);
      assertThat(quest.batch(List.of(Debit.of("user:1", 1, Clients.id(), "quest"))))
          .allMatch(o -> o instanceof Outcome.Unknown);
      assertThatThrownBy(() -> quest.balance("user:1")).isInstanceOf(PointsUnavailable.class);
    }
  }

  @Test
  void retryAfterIsHonoured() {
    String account = Clients.account(100);
    try (FaultyWire wire = new FaultyWire().next(FaultyWire.problem(503, "overloaded", 1));
        PointsClient quest = Clients.at(wire.url(), "quest").build()) {
      long start = System.nanoTime();
      quest.debit(Debit.of(account, 1, Clients.id(), "quest")).receiptOrThrow();
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(3));
    }
  }

  @Test
  void aWaitBeyondTheDeadlineIsNotBegun() {
    try (FaultyWire wire = new FaultyWire().next(FaultyWire.problem(503, "overloaded", 60));
        PointsClient quest = Clients.at(wire.url(), "quest").build()) {
      long start = System.nanoTime();
      assertThatThrownBy(() -> quest.balance("user:1")).hasMessageContaining("status 503");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    }
  }

  @Test
  void anInterruptedThreadStaysInterrupted() {
    try (PointsClient quest = Clients.of("quest")) {
      Thread.currentThread().interrupt();
      Outcome outcome = quest.debit(Debit.of("user:1", 1, Clients.id(), "quest"));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(outcome).isInstanceOf(Outcome.Unknown.class);
    }
  }

  static Stream<FaultyWire.Fault> nonsense() {
    return Stream.of(
        FaultyWire.instead(200, "", "<html>hello</html>"),
        FaultyWire.instead(200, "", "{}"),
        FaultyWire.instead(200, "", "{\"transaction_id\":\"1\"}"),
        FaultyWire.instead(200, "", ""),
        FaultyWire.instead(404, "", "<html>no such page</html>"),
        FaultyWire.instead(302, "Location: http://127.0.0.1:1/\r\n", ""));
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void anAnswerThatDoesNotFitIsAnException(FaultyWire.Fault fault) {
    String account = Clients.account(100);
    try (FaultyWire wire = new FaultyWire().next(fault, fault);
        PointsClient quest = Clients.at(wire.url(), "quest").build()) {
      assertThatThrownBy(() -> quest.debit(Debit.of(account, 1, Clients.id(), "quest")))
          .isInstanceOf(ContractBroken.class);
      assertThatThrownBy(() -> quest.balance(account)).isInstanceOf(ContractBroken.class);
    }
  }

  @Test
  void fieldsThatAreNewAreIgnored() {
    String newer =
        "{\"account\":\"user:1\",\"balance\":{\"available\":1,\"held\":0,\"pending\":0,\"debt\":0,"
            + "\"total\":1,\"lent\":5},\"as_of\":\"2026-11-22T18:00:00Z\",\"expiring\":[],\"mood\":{}}";
    try (FaultyWire wire = new FaultyWire().next(FaultyWire.instead(200, "", newer));
        PointsClient quest = Clients.at(wire.url(), "quest").build()) {
      assertThat(quest.balance("user:1").balance().available()).isEqualTo(1);
    }
  }

  @Test
  void theTokenIsAskedForBeforeEveryAttempt() {
    List<String> asked = new ArrayList<>();
    String key = TestService.shared().key("quest");
    try (FaultyWire wire = new FaultyWire().next(CUT, CUT);
        PointsClient quest =
            Clients.at(wire.url(), "quest")
                .token(
                    () -> {
                      asked.add(key);
                      return key;
                    })
                .build()) {
      Outcome unused = quest.debit(Debit.of("user:1", 1, Clients.id(), "quest"));
      assertThat(asked).hasSize(3);
    }
  }
}
