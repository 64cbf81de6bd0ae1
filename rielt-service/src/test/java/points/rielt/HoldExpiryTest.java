package points.rielt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import points.client.Balance;
import points.kit.TestPostgres;
import points.purchases.Surroundings;
import points.service.TestService;
import points.service.contract.Answer;

/** Confirmation waits at most as long as the hold lives; the clock is the sandbox's. */
class HoldExpiryTest {
  @Test
  void aHoldThatExpiredIsFoundOutByAsking() {
    try (TestService points = sandbox();
        Surroundings around = new Surroundings("rielt", points);
        TestRielt rielt =
            new TestRielt(
                around, Map.of("purchase.hold_time", "1h", "purchase.hold_check", "10m"))) {
      String listing = rielt.listing(100);
      String user = around.user(100);
      String booking = booked(rielt, listing, user, "2026-12-02", "2026-12-03");
      assertThat(rielt.purchase(booking).text("hold_expires_at")).isNotEmpty();
      points.as("admin").post("/sandbox/clock", Map.of("advance_seconds", 3601));
      Answer late = rielt.act(booking, "confirm");
      assertThat(late.status()).isEqualTo(409);
      assertThat(late.code()).isEqualTo("hold_expired");
      assertThat(late.text("state")).isEqualTo("expired");
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> assertThat(around.balance(user)).isEqualTo(new Balance(100, 0, 0, 0, 100)));
      booked(rielt, listing, user, "2026-12-02", "2026-12-03");
      assertThat(around.receiver().taken("rielt.booking_cancelled", "booking:" + booking))
          .isEmpty();
    }
  }

  @Test
  void aHoldThatExpiredIsFoundOutByLooking() {
    try (TestService points = sandbox();
        Surroundings around = new Surroundings("rielt", points);
        TestRielt rielt = new TestRielt(around, Map.of("purchase.hold_time", "1h"))) {
      String booking =
          booked(rielt, rielt.listing(100), around.user(100), "2026-12-01", "2026-12-02");
      points.as("admin").post("/sandbox/clock", Map.of("advance_seconds", 3601));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> rielt.purchase(booking).text("state").equals("expired"));
      assertThat(rielt.act(booking, "confirm").code()).isEqualTo("hold_expired");
      assertThat(rielt.act(booking, "cancel").status()).isEqualTo(200);
    }
  }

  private static TestService sandbox() {
    return TestService.start(TestPostgres.shared().newDatabase(), Map.of("sandbox", "true"));
  }

  private static String booked(
      TestRielt rielt, String listing, String user, String from, String to) {
    Answer answer = rielt.book(listing, user, from, to, 100);
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.text("booking_id");
  }
}
