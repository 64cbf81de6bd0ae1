package points.voucher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import points.client.Balance;
import points.purchases.Surroundings;
import points.service.contract.Answer;

/** Vouchers are bought, cancelled and given back, on a real Points Service. */
class VoucherTest {
  private static final Surroundings AROUND = new Surroundings("voucher");
  private static final TestVoucher VOUCHER = new TestVoucher(AROUND);

  @AfterAll
  static void close() {
    VOUCHER.close();
    AROUND.close();
  }

  @Test
  void aVoucherIsHeldPaidAndGivenBack() {
    String user = AROUND.user(600);
    String voucher = VOUCHER.voucher(500, 2, "hold");
    String purchase = bought(voucher, user);
    assertThat(VOUCHER.stock(voucher)).isEqualTo(1);
    assertThat(VOUCHER.purchase(purchase).json().has("code")).isFalse();
    Answer paid = VOUCHER.act(purchase, "confirm");
    assertThat(paid.text("state")).isEqualTo("paid");
    assertThat(VOUCHER.act(purchase, "confirm").text("code")).isEqualTo(paid.text("code"));
    assertThat(AROUND.balance(user)).isEqualTo(new Balance(100, 0, 0, 0, 100));
    JsonNode data = event("voucher.purchased", purchase);
    assertThat(data.get("voucher_id").asText()).isEqualTo(voucher);
    assertThat(data.get("user_id").asText()).isEqualTo(user);
    assertThat(data.get("partner_id").asText()).isEqualTo("bistro");
    assertThat(data.get("pro_spacer_ids").toString()).isEqualTo("[\"7\", \"8\"]".replace(" ", ""));
    assertThat(data.get("points_paid").asLong()).isEqualTo(500);
    assertThat(data.get("price").asLong()).isEqualTo(500);
    Answer back = VOUCHER.act(purchase, "refund");
    assertThat(back.text("state")).isEqualTo("refunded");
    assertThat(back.json().has("code")).isFalse();
    assertThat(VOUCHER.stock(voucher)).isEqualTo(2);
    assertThat(AROUND.balance(user)).isEqualTo(new Balance(600, 0, 0, 0, 600));
    assertThat(event("voucher.refunded", purchase).get("purchase_id").asText()).isEqualTo(purchase);
    assertThat(VOUCHER.act(purchase, "refund").status()).isEqualTo(200);
    assertThat(VOUCHER.act(purchase, "confirm").code()).isEqualTo("state_conflict");
  }

  @Test
  void aPartIsPaidInPointsByDebit() {
    String user = AROUND.user(600);
    String voucher = VOUCHER.voucher(500, 2, "debit");
    Answer ordered =
        VOUCHER.app.post(
            "/vouchers/" + voucher + "/purchases",
            Map.of("user_id", user, "request_id", Surroundings.requestId(), "points", 200));
    assertThat(AROUND.balance(user).available()).isEqualTo(400);
    String purchase = ordered.text("purchase_id");
    assertThat(VOUCHER.act(purchase, "refund").code()).isEqualTo("state_conflict");
    assertThat(VOUCHER.act(purchase, "confirm").text("state")).isEqualTo("paid");
    assertThat(event("voucher.purchased", purchase).get("points_paid").asLong()).isEqualTo(200);
    assertThat(VOUCHER.act(purchase, "refund").text("state")).isEqualTo("refunded");
    assertThat(AROUND.balance(user).available()).isEqualTo(600);
  }

  @Test
  void aCancelledOrRefusedOneGoesBackIntoStock() {
    String voucher = VOUCHER.voucher(500, 1, "hold");
    Answer refused = VOUCHER.buy(voucher, AROUND.user(1), Surroundings.requestId());
    assertThat(refused.code()).isEqualTo("insufficient_points");
    assertThat(VOUCHER.stock(voucher)).isEqualTo(1);
    String user = AROUND.user(500);
    String purchase = bought(voucher, user);
    assertThat(VOUCHER.stock(voucher)).isZero();
    assertThat(VOUCHER.act(purchase, "cancel").text("state")).isEqualTo("cancelled");
    assertThat(VOUCHER.stock(voucher)).isEqualTo(1);
    assertThat(AROUND.balance(user).available()).isEqualTo(500);
    assertThat(AROUND.receiver().taken("voucher.purchased", "purchase:" + purchase)).isEmpty();
  }

  @Test
  void ofThirtyTwoBuyersOneGetsTheLast() throws Exception {
    String voucher = VOUCHER.voucher(10, 1, "hold");
    List<Callable<Answer>> calls = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      String user = AROUND.user(10);
      calls.add(() -> VOUCHER.buy(voucher, user, Surroundings.requestId()));
    }
    List<String> outcomes = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Answer> answer : threads.invokeAll(calls)) {
        outcomes.add(answer.get().status() == 201 ? "bought" : answer.get().code());
      }
    }
    assertThat(outcomes).filteredOn("bought"::equals).hasSize(1);
    assertThat(outcomes).filteredOn("sold_out"::equals).hasSize(31);
    assertThat(VOUCHER.stock(voucher)).isZero();
  }

  @Test
  void whatIsSoldOutCanBeTriedAgainUnderTheSameRequestId() {
    String voucher = VOUCHER.voucher(10, 1, "hold");
    String purchase = bought(voucher, AROUND.user(10));
    String user = AROUND.user(10);
    String requestId = Surroundings.requestId();
    assertThat(VOUCHER.buy(voucher, user, requestId).code()).isEqualTo("sold_out");
    VOUCHER.act(purchase, "cancel");
    assertThat(VOUCHER.buy(voucher, user, requestId).status()).isEqualTo(201);
  }

  @Test
  void aRequestIdMakesOnePurchase() {
    String voucher = VOUCHER.voucher(10, 5, "hold");
    String user = AROUND.user(100);
    String requestId = Surroundings.requestId();
    Answer first = VOUCHER.buy(voucher, user, requestId);
    Answer again = VOUCHER.buy(voucher, user, requestId);
    assertThat(again.status()).as(again.text()).isEqualTo(200);
    assertThat(again.text("purchase_id")).isEqualTo(first.text("purchase_id"));
    assertThat(VOUCHER.stock(voucher)).isEqualTo(4);
  }

  @Test
  void whatIsWrong() {
    String voucher = VOUCHER.voucher(10, 1, "hold");
    Answer tooMuch =
        VOUCHER.app.post(
            "/vouchers/" + voucher + "/purchases",
            Map.of("user_id", "1", "request_id", "r", "points", 11));
    assertThat(tooMuch.code()).isEqualTo("invalid_request");
    Answer twice =
        VOUCHER.admin.post(
            "/vouchers",
            Map.of(
                "title",
                "x",
                "partner_id",
                "p",
                "pro_spacer_ids",
                List.of("7", "7"),
                "price_points",
                1,
                "stock",
                1));
    assertThat(twice.code()).isEqualTo("invalid_request");
    assertThat(VOUCHER.app.get("/vouchers?limit=3").status()).isEqualTo(200);
  }

  private static JsonNode event(String type, String purchase) {
    await().until(() -> !AROUND.receiver().taken(type, "purchase:" + purchase).isEmpty());
    List<JsonNode> events = AROUND.receiver().taken(type, "purchase:" + purchase);
    assertThat(events).hasSize(1);
    return events.getFirst().get("data");
  }

  private static String bought(String voucher, String user) {
    Answer answer = VOUCHER.buy(voucher, user, Surroundings.requestId());
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.text("purchase_id");
  }
}
