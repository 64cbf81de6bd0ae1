package points.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import points.service.contract.Answer;
import points.service.contract.ApiClient;

/** The path of a newcomer: credit, hold, capture, refund, statement. */
class SmokeTest {
  @Test
  void creditHoldCaptureRefundStatement() {
    ApiClient connect = TestService.shared().as("connect");
    ApiClient quest = TestService.shared().as("quest");
    Map<String, Object> credit =
        Map.of("account", "user:smoke", "amount", 150, "external_id", "c1", "reason", "welcome");
    Answer first = connect.post("/internal/credit", credit);
    assertThat(first.status()).isEqualTo(201);
    Answer again = connect.post("/internal/credit", credit);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.isReplay()).isTrue();
    assertThat(again.text()).isEqualTo(first.text());
    Answer hold =
        quest.post(
            "/internal/hold",
            Map.of("account", "user:smoke", "amount", 100, "external_id", "h1", "reason", "quest"));
    Answer capture =
        quest.post(
            "/internal/capture",
            Map.of("hold_id", hold.text("hold/hold_id"), "amount", 80, "external_id", "k1"));
    assertThat(capture.member("balance").toString())
        .isEqualTo("{\"available\":70,\"held\":0,\"pending\":0,\"debt\":0,\"total\":70}");
    Answer refund =
        quest.post(
            "/internal/refund",
            Map.of(
                "transaction_id",
                capture.text("transaction_id"),
                "amount",
                40,
                "external_id",
                "r1"));
    assertThat(refund.number("balance/available")).isEqualTo(110);
    Answer refused =
        quest.post(
            "/internal/debit",
            Map.of(
                "account", "user:smoke", "amount", 1000, "external_id", "d1", "reason", "quest"));
    assertThat(refused.status()).isEqualTo(422);
    for (String path :
        new String[] {
          "balance",
          "transactions",
          "statement",
          "holds",
          "explain",
          "transactions?limit=2",
          "balance?at=2026-01-01T00:00:00Z"
        }) {
      Answer read = quest.get("/internal/accounts/user:smoke/" + path);
      assertThat(read.status()).as(path).isEqualTo(200);
    }
    assertThat(quest.get("/internal/events").status()).isEqualTo(200);
    assertThat(quest.get("/internal/holds/" + hold.text("hold/hold_id")).status()).isEqualTo(200);
    assertThat(TestService.shared().anonymous().get("/health/ready").status()).isEqualTo(200);
    assertThat(TestService.shared().anonymous().get("/metrics").status()).isEqualTo(200);
  }
}
