package points.purchases;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import points.client.Balance;
import points.client.Credit;
import points.client.Debit;
import points.client.Operation;
import points.client.Outcome;
import points.client.Receipt;
import points.client.Refund;
import points.client.Reverse;

/** All credits go through Connect: with its own key no selling service gives points. */
class CreditRefusedTest {
  @ParameterizedTest
  @ValueSource(strings = {"quest", "voucher", "rielt"})
  void aSellingServiceMayChargeAndGiveBackButNotCredit(String source) {
    try (Surroundings around = new Surroundings(source)) {
      String user = around.user(100);
      String account = "user:" + user;
      String id = Surroundings.requestId();
      requireNotAllowed(around, Credit.of(account, 5, id, "gift"));
      assertThat(around.balance(user)).isEqualTo(new Balance(100, 0, 0, 0, 100));
      // Nothing was remembered of the refused credit, so its id may be used.
      Receipt charged =
          around.own().perform(Debit.of(account, 30, id, "purchase")).receiptOrThrow();
      requireNotAllowed(
          around, Reverse.all(charged.transactionId(), id + "-reverse", Reverse.Policy.REJECT));
      around.own().perform(Refund.all(charged.transactionId(), id + "-back")).receiptOrThrow();
      assertThat(around.balance(user)).isEqualTo(new Balance(100, 0, 0, 0, 100));
      assertThat(around.transactions(user)).isEqualTo(3);
    }
  }

  private static void requireNotAllowed(Surroundings around, Operation operation) {
    Outcome outcome = around.own().perform(operation);
    assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
    Outcome.Rejected rejected = (Outcome.Rejected) outcome;
    assertThat(rejected.problem().status()).isEqualTo(403);
    assertThat(rejected.problem().code()).isEqualTo("operation_not_allowed");
  }
}
