package points.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a repetition must repeat. */
final class RequestTest {
  private static final UUID ONE = new UUID(1, 1);
  private static final UUID TWO = new UUID(2, 2);
  private static final AccountId USER = new AccountId("user:1");

  private static final Request FULL =
      new Request(
          Verb.CREDIT,
          USER,
          ONE,
          ONE,
          1L,
          Instant.EPOCH,
          Instant.EPOCH,
          1,
          true,
          ReversePolicy.REJECT);

  private static final Request OTHER =
      new Request(
          Verb.DEBIT,
          new AccountId("user:2"),
          TWO,
          TWO,
          2L,
          Instant.MAX,
          Instant.MAX,
          2,
          false,
          ReversePolicy.DEBT);

  private static final Request EMPTY =
      new Request(Verb.CREDIT, null, null, null, null, null, null, null, null, null);

  @Test
  void namesWhatDiffersAsTheContractDoes() {
    assertThat(FULL.differing(FULL)).isEmpty();
    assertThat(EMPTY.differing(EMPTY)).isEmpty();
    assertThat(FULL.differing(OTHER))
        .containsExactly(
            "verb",
            "account",
            "hold_id",
            "transaction_id",
            "amount",
            "expires_at",
            "available_at",
            "expires_in",
            "final",
            "policy");
    assertThat(EMPTY.differing(FULL)).isEqualTo(FULL.differing(EMPTY)).hasSize(9);
  }

  @Test
  void largeNumbersAreComparedByValue() {
    Request a = Request.of(new Operation.Debit(USER, 1_000_000_000_000L));
    Request b = Request.of(new Operation.Debit(USER, 1_000_000_000_000L));
    assertThat(a.differing(b)).isEmpty();
    Request hold = Request.of(new Operation.PlaceHold(USER, 1000, 86_400));
    assertThat(hold.differing(Request.of(new Operation.PlaceHold(USER, 1000, 86_400)))).isEmpty();
  }

  /** Every parameter of every operation is among those that are compared. */
  @Test
  void everyParameterCounts() {
    Instant t = Instant.EPOCH.plusSeconds(9);
    List<Operation> all =
        List.of(
            new Operation.Credit(USER, 1, null, null),
            new Operation.Credit(USER, 2, null, null),
            new Operation.Credit(USER, 1, t, null),
            new Operation.Credit(USER, 1, null, t),
            new Operation.Debit(USER, 1),
            new Operation.PlaceHold(USER, 1, 1),
            new Operation.PlaceHold(USER, 1, 2),
            new Operation.Capture(ONE, null, true),
            new Operation.Capture(ONE, null, false),
            new Operation.Capture(ONE, 1L, true),
            new Operation.Capture(TWO, null, true),
            new Operation.Release(ONE),
            new Operation.Release(TWO),
            new Operation.Refund(ONE, null),
            new Operation.Refund(ONE, 1L),
            new Operation.Refund(TWO, null),
            new Operation.Reverse(ONE, null, ReversePolicy.REJECT),
            new Operation.Reverse(ONE, null, ReversePolicy.DEBT),
            new Operation.Reverse(ONE, 1L, ReversePolicy.REJECT),
            new Operation.Reverse(TWO, null, ReversePolicy.REJECT),
            new Operation.ExpireHold(ONE),
            new Operation.Activate(ONE),
            new Operation.ExpireLot(ONE),
            new Operation.Adjust(USER, 1, "ann", "bob"),
            new Operation.Adjust(USER, -1, "ann", "bob"));
    for (Operation a : all) {
      for (Operation b : all) {
        boolean same = Request.of(a).differing(Request.of(b)).isEmpty();
        assertThat(same).as("%s and %s", a, b).isEqualTo(a.equals(b));
      }
    }
  }
}
