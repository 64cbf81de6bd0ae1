package points.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** No operation can be made that the ledger must not be asked. */
final class OperationTest {
  private static final AccountId USER = new AccountId("user:1");
  private static final UUID ID = new UUID(1, 1);
  private static final Instant THEN = Instant.EPOCH.plusSeconds(9);

  private static final List<LongFunction<Operation>> WITH_AMOUNT =
      List.of(
          n -> new Operation.Credit(USER, n, null, null),
          n -> new Operation.Debit(USER, n),
          n -> new Operation.PlaceHold(USER, n, 60),
          n -> new Operation.Capture(ID, n, true),
          n -> new Operation.Refund(ID, n),
          n -> new Operation.Reverse(ID, n, ReversePolicy.REJECT),
          n -> new Operation.Adjust(USER, n, "ann", "bob"));

  @Test
  void anAmountIsAtLeastOneAndNotMoreThanTheMost() {
    for (LongFunction<Operation> operation : WITH_AMOUNT) {
      for (long good : new long[] {1, Limits.AMOUNT_MAX}) {
        assertThat(Request.of(operation.apply(good)).amount()).isEqualTo(good);
      }
      for (long bad : new long[] {0, Limits.AMOUNT_MAX + 1, Long.MAX_VALUE}) {
        refuses(() -> operation.apply(bad), "amount");
      }
    }
  }

  @Test
  void onlyAnAdjustmentTakesANegativeAmount() {
    WITH_AMOUNT.subList(0, 6).forEach(operation -> refuses(() -> operation.apply(-1), "amount"));
    LongFunction<Operation> adjust = WITH_AMOUNT.getLast();
    for (long good : new long[] {-1, -Limits.AMOUNT_MAX}) {
      assertThat(Request.of(adjust.apply(good)).amount()).isEqualTo(good);
    }
    for (long bad : new long[] {-Limits.AMOUNT_MAX - 1, Long.MIN_VALUE}) {
      refuses(() -> adjust.apply(bad), "amount");
    }
  }

  @Test
  void aHoldLastsForSecondsToTheLongest() {
    for (int good : new int[] {1, Limits.HOLD_SECONDS_MAX}) {
      assertThat(new Operation.PlaceHold(USER, 1, good).expiresInSeconds()).isEqualTo(good);
    }
    for (int bad : new int[] {Integer.MIN_VALUE, -1, 0, Limits.HOLD_SECONDS_MAX + 1}) {
      refuses(() -> new Operation.PlaceHold(USER, 1, bad), "expires_in");
    }
  }

  @Test
  void pointsExpireAfterTheyHaveBecomeAvailable() {
    Instant later = THEN.plusNanos(1000);
    assertThat(new Operation.Credit(USER, 1, later, THEN).expiresAt()).isEqualTo(later);
    refuses(() -> new Operation.Credit(USER, 1, THEN, THEN), "expires_at");
    refuses(() -> new Operation.Credit(USER, 1, THEN, later), "expires_at");
  }

  @Test
  void nobodyApprovesTheirOwnAdjustment() {
    refuses(() -> new Operation.Adjust(USER, 1, "ann", "ann"), "someone else");
  }

  private interface Making {
    Operation make();
  }

  private static void refuses(Making making, String saying) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> assertThat(making.make()).isNull())
        .withMessageContaining(saying);
  }
}
