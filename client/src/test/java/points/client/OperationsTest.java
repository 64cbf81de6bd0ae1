package points.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import points.service.TestService;

/** Every operation against the real service. */
class OperationsTest {
  private static final PointsClient CONNECT = Clients.of("connect");
  private static final PointsClient QUEST = Clients.of("quest");
  private static final PointsClient VOUCHER = Clients.of("voucher");

  @AfterAll
  static void close() {
    CONNECT.close();
    QUEST.close();
    VOUCHER.close();
  }

  @Test
  void aCreditIsDoneOnceAndItsReplayRecognised() {
    Instant expires = Instant.now().plus(30, ChronoUnit.DAYS).truncatedTo(ChronoUnit.MICROS);
    String account = Clients.account(1);
    Credit credit =
        Credit.of(account, 149, Clients.id(), "quest.completed")
            .withExpiresAt(expires)
            .withMetadata(Map.of("quest", "q-17", "revision", 3, "tags", List.of("a", "b")));
    Outcome.Done first = (Outcome.Done) CONNECT.credit(credit);
    Outcome.Done again = (Outcome.Done) CONNECT.credit(credit);
    assertThat(first.replayed()).isFalse();
    assertThat(again.replayed()).isTrue();
    assertThat(again.receipt()).isEqualTo(first.receipt());
    assertThat(first.receipt().balance()).isEqualTo(new Balance(150, 0, 0, 0, 150));
    Transaction read = CONNECT.transaction(first.receipt().transactionId()).orElseThrow();
    assertThat(read.receipt()).isEqualTo(first.receipt());
    assertThat(read.source()).isEqualTo("connect");
    assertThat(read.reason()).isEqualTo("quest.completed");
    assertThat(read.metadata())
        .isEqualTo(Map.of("quest", "q-17", "revision", 3, "tags", List.of("a", "b")));
    assertThat(CONNECT.balance(account).expiring())
        .containsExactly(new AccountBalance.Expiry(149, expires));
  }

  @Test
  void aPendingCredit() {
    String account = Clients.account(1);
    Instant later = Instant.now().plus(1, ChronoUnit.DAYS);
    Receipt receipt =
        CONNECT
            .credit(Credit.of(account, 50, Clients.id(), "campaign").withAvailableAt(later))
            .receiptOrThrow();
    assertThat(receipt.balance()).isEqualTo(new Balance(1, 0, 50, 0, 51));
  }

  @Test
  void aHoldCapturedInParts() {
    String account = Clients.account(100);
    Receipt held =
        QUEST
            .hold(
                Hold.of(account, 80, Clients.id(), "quest.purchase")
                    .withExpiresIn(Duration.ofHours(1)))
            .receiptOrThrow();
    HoldState hold = java.util.Objects.requireNonNull(held.hold());
    assertThat(hold.status()).isEqualTo(HoldState.Status.ACTIVE);
    assertThat(hold.expiresAt()).isEqualTo(held.createdAt().plus(1, ChronoUnit.HOURS));
    Receipt part = QUEST.capture(Capture.part(hold.holdId(), Clients.id(), 30)).receiptOrThrow();
    assertThat(part.balance()).isEqualTo(new Balance(20, 50, 0, 0, 70));
    Receipt last =
        QUEST
            .capture(Capture.last(hold.holdId(), Clients.id(), 10).withReason("quest.ended"))
            .receiptOrThrow();
    assertThat(last.balance()).isEqualTo(new Balance(60, 0, 0, 0, 60));
    HeldPoints read = QUEST.holdById(hold.holdId()).orElseThrow();
    assertThat(read.state().captured()).isEqualTo(40);
    assertThat(read.state().status()).isEqualTo(HoldState.Status.CAPTURED);
    assertThat(read.account()).isEqualTo(account);
    Receipt refund =
        QUEST.refund(Refund.part(part.transactionId(), Clients.id(), 5)).receiptOrThrow();
    assertThat(refund.refersTo()).isEqualTo(part.transactionId());
    assertThat(refund.balance().available()).isEqualTo(65);
  }

  @Test
  void aHoldCapturedWholeAndOneReleased() {
    String account = Clients.account(100);
    UUID first = hold(account, 40);
    assertThat(QUEST.capture(Capture.all(first, Clients.id())).receiptOrThrow().amount())
        .isEqualTo(40);
    UUID second = hold(account, 60);
    Receipt released = QUEST.release(Release.of(second, Clients.id())).receiptOrThrow();
    assertThat(released.balance()).isEqualTo(new Balance(60, 0, 0, 0, 60));
    Problem late = refusal(QUEST.capture(Capture.all(second, Clients.id())));
    assertThat(late.code()).isEqualTo("hold_not_active");
    assertThat(java.util.Objects.requireNonNull(late.hold()).status())
        .isEqualTo(HoldState.Status.RELEASED);
  }

  @Test
  void aDebitRefundedWhole() {
    String account = Clients.account(100);
    Receipt debit = QUEST.debit(Debit.of(account, 30, Clients.id(), "quest")).receiptOrThrow();
    assertThat(debit.balance().available()).isEqualTo(70);
    Receipt refund = QUEST.refund(Refund.all(debit.transactionId(), Clients.id())).receiptOrThrow();
    assertThat(refund.balance().available()).isEqualTo(100);
    Problem more = refusal(QUEST.refund(Refund.part(debit.transactionId(), Clients.id(), 1)));
    assertThat(more.code()).isEqualTo("refund_exceeds_charge");
    assertThat(more.remaining()).isZero();
  }

  @Test
  void aCreditReversedIntoDebt() {
    String account = Clients.account(10);
    Receipt credit =
        CONNECT.credit(Credit.of(account, 50, Clients.id(), "reward")).receiptOrThrow();
    QUEST.debit(Debit.of(account, 40, Clients.id(), "quest")).receiptOrThrow();
    Reverse all = Reverse.all(credit.transactionId(), Clients.id(), Reverse.Policy.REJECT);
    assertThat(refusal(CONNECT.reverse(all)).available()).isEqualTo(20);
    Receipt reversed =
        CONNECT
            .reverse(Reverse.all(credit.transactionId(), Clients.id(), Reverse.Policy.DEBT))
            .receiptOrThrow();
    assertThat(reversed.reversal()).isEqualTo(new Receipt.Reversal(20, 30));
    assertThat(reversed.balance()).isEqualTo(new Balance(0, 0, 0, 30, 0));
  }

  @Test
  void aRefusalIsRemembered() {
    String account = Clients.account(10);
    Debit debit = Debit.of(account, 20, Clients.id(), "quest");
    Outcome.Refused first = (Outcome.Refused) QUEST.debit(debit);
    CONNECT.credit(Credit.of(account, 100, Clients.id(), "reward")).receiptOrThrow();
    Outcome.Refused again = (Outcome.Refused) QUEST.debit(debit);
    assertThat(first.problem().code()).isEqualTo("insufficient_points");
    assertThat(first.problem().available()).isEqualTo(10);
    assertThat(first.replayed()).isFalse();
    assertThat(again.replayed()).isTrue();
    assertThat(again.problem()).isEqualTo(first.problem());
    assertThat(QUEST.transactionByExternalId(debit.externalId())).isEmpty();
    assertThatThrownBy(() -> again.receiptOrThrow())
        .isInstanceOf(PointsRejected.class)
        .hasMessageStartingWith("insufficient_points: ");
  }

  @Test
  void whatIsWrongWithACallIsRejected() {
    String account = Clients.account(10);
    String id = Clients.id();
    Receipt done = QUEST.debit(Debit.of(account, 1, id, "quest")).receiptOrThrow();
    Problem conflict = rejection(QUEST.debit(Debit.of(account, 2, id, "quest")));
    assertThat(conflict.status()).isEqualTo(409);
    assertThat(conflict.differing()).containsExactly("amount");
    assertThat(conflict.transactionId()).isEqualTo(done.transactionId());
    assertThat(rejection(QUEST.credit(Credit.of(account, 1, Clients.id(), "quest"))).code())
        .isEqualTo("operation_not_allowed");
    assertThat(rejection(VOUCHER.refund(Refund.all(done.transactionId(), Clients.id()))).code())
        .isEqualTo("not_owner");
    assertThat(rejection(QUEST.release(Release.of(UUID.randomUUID(), Clients.id()))).code())
        .isEqualTo("hold_not_found");
    Problem invalid =
        rejection(
            QUEST.debit(
                Debit.of(account, 1, Clients.id(), "quest")
                    .withMetadata(Map.of("long", "x".repeat(5000)))));
    assertThat(invalid.code()).isEqualTo("invalid_request");
    assertThat(invalid.errors().getFirst().field()).isEqualTo("metadata");
    try (PointsClient stranger =
        PointsClient.at(TestService.shared().url()).apiKey("pk_quest_wrong").build()) {
      assertThat(rejection(stranger.debit(Debit.of(account, 1, id, "quest"))).status())
          .isEqualTo(401);
      assertThatThrownBy(() -> stranger.balance(account))
          .isInstanceOfSatisfying(
              PointsRejected.class,
              e -> assertThat(e.problem().code()).isEqualTo("unauthenticated"));
    }
  }

  @Test
  void aBatchDecidesEachOnItsOwn() {
    String account = Clients.account(100);
    String id = Clients.id();
    List<Outcome> outcomes =
        QUEST.batch(
            List.of(
                Debit.of(account, 10, id, "quest"),
                Debit.of(account, 500, Clients.id(), "quest"),
                Credit.of(account, 5, Clients.id(), "quest"),
                Debit.of(account, 10, id, "quest"),
                Hold.of(account, 20, Clients.id(), "quest")));
    assertThat(outcomes.get(0).receiptOrThrow().balance().available()).isEqualTo(90);
    assertThat(refusal(outcomes.get(1)).available()).isEqualTo(90);
    assertThat(rejection(outcomes.get(2)).code()).isEqualTo("operation_not_allowed");
    assertThat(((Outcome.Done) outcomes.get(3)).replayed()).isTrue();
    assertThat(outcomes.get(4).receiptOrThrow().balance()).isEqualTo(new Balance(70, 20, 0, 0, 90));
  }

  @Test
  void aBatchHasLimits() {
    assertThatThrownBy(() -> QUEST.batch(List.of())).hasMessageContaining("1 to 1000");
    List<Debit> many =
        IntStream.range(0, 1001).mapToObj(i -> Debit.of("user:1", 1, "x" + i, "quest")).toList();
    assertThatThrownBy(() -> QUEST.batch(many)).hasMessageContaining("not 1001");
    List<Debit> most = many.subList(0, 1000);
    assertThat(QUEST.batch(most)).allMatch(o -> o instanceof Outcome.Refused);
  }

  private static UUID hold(String account, long amount) {
    Receipt receipt =
        QUEST.hold(Hold.of(account, amount, Clients.id(), "quest.purchase")).receiptOrThrow();
    return java.util.Objects.requireNonNull(receipt.hold()).holdId();
  }

  private static Problem refusal(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return ((Outcome.Refused) outcome).problem();
  }

  private static Problem rejection(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
    return ((Outcome.Rejected) outcome).problem();
  }
}
