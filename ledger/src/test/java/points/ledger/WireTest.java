package points.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The names in JSON and SQL: there for ever. */
final class WireTest {
  @Test
  void names() {
    assertThat(Arrays.stream(Verb.values()).map(Verb::wire))
        .containsExactly(
            "credit",
            "debit",
            "hold",
            "capture",
            "release",
            "refund",
            "reverse",
            "expire_hold",
            "activate",
            "expire_lot",
            "adjust");
    assertThat(Arrays.stream(HoldStatus.values()).map(HoldStatus::wire))
        .containsExactly("active", "captured", "released", "expired");
    assertThat(Arrays.stream(LotStatus.values()).map(LotStatus::wire))
        .containsExactly("pending", "open", "merged", "expired", "reversed");
    assertThat(Arrays.stream(ReversePolicy.values()).map(ReversePolicy::wire))
        .containsExactly("reject", "within_balance", "debt");
    assertThat(Arrays.stream(Refusal.Code.values()).map(Refusal.Code::wire))
        .containsExactly(
            "insufficient_points",
            "hold_not_active",
            "capture_exceeds_hold",
            "refund_exceeds_charge",
            "already_reversed",
            "account_frozen",
            "balance_limit",
            "limit_exceeded");
  }

  @Test
  void everyNameLeadsBack() {
    assertThat(Verb.values()).allMatch(v -> Verb.of(v.wire()) == v);
    assertThat(HoldStatus.values()).allMatch(s -> HoldStatus.of(s.wire()) == s);
    assertThat(LotStatus.values()).allMatch(s -> LotStatus.of(s.wire()) == s);
    assertThat(ReversePolicy.values()).allMatch(p -> ReversePolicy.of(p.wire()) == p);
    assertThat(Refusal.Code.values()).allMatch(c -> Refusal.Code.of(c.wire()) == c);
    assertThatIllegalArgumentException().isThrownBy(() -> Verb.of("steal"));
    assertThatIllegalArgumentException().isThrownBy(() -> ReversePolicy.of("?"));
  }

  @Test
  void theBucketOfAnOperationIsThatOfItsAccount() {
    AccountId user = new AccountId("user:42");
    UUID id = new Ids(new Random(1)).next(SettableClock.START, user.bucket());
    Stream<Operation> all =
        Stream.of(
            new Operation.Credit(user, 1, null, null),
            new Operation.Debit(user, 1),
            new Operation.PlaceHold(user, 1, 1),
            new Operation.Adjust(user, 1, "ann", "bob"),
            new Operation.Capture(id, null, true),
            new Operation.Release(id),
            new Operation.ExpireHold(id),
            new Operation.Refund(id, null),
            new Operation.Reverse(id, null, ReversePolicy.REJECT),
            new Operation.Activate(id),
            new Operation.ExpireLot(id));
    assertThat(all).allMatch(operation -> operation.bucket() == user.bucket());
  }
}
