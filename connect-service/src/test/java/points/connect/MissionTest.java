package points.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Every event of the mission, through the shipped rules, to the right balances at Points. */
class MissionTest {
  private static final TestConnect CONNECT = TestConnect.start();

  @AfterAll
  static void stop() {
    CONNECT.close();
  }

  private static void expect(Map<String, Long> balances) {
    CONNECT.awaitQuiet();
    balances.forEach(
        (account, points) -> assertThat(CONNECT.balance(account)).as(account).isEqualTo(points));
  }

  private static void publish(String source, String event) {
    Web.Reply reply = CONNECT.as(source).publish(event);
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(202);
    assertThat(reply.body().path("accepted").asInt()).isEqualTo(1);
  }

  @Test
  void aCompletedQuestShowsUpAndAHundredRepeatsChangeNothing() {
    String user = Events.fresh("u");
    String event = Events.questCompleted(Events.fresh("e"), user);
    publish("quest", event);
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> CONNECT.balance("user:" + user) == 100);
    for (int i = 0; i < 100; i++) {
      Web.Reply again = CONNECT.as("quest").publish(event);
      assertThat(again.status()).isEqualTo(202);
      assertThat(again.body().toString()).isEqualTo("{\"accepted\":0,\"duplicates\":1}");
    }
    expect(Map.of("user:" + user, 100L));
  }

  @Test
  void aVoucherBringsItsPartnerAndSpacersTheirShares() {
    String partner = Events.fresh("p");
    String spacer = Events.fresh("s");
    String purchase = Events.fresh("b");
    publish(
        "voucher",
        Events.voucherPurchased(
            Events.fresh("e"),
            purchase,
            partner,
            "[\"%1$s-1\",\"%1$s-2\",\"%1$s-3\"]".formatted(spacer)));
    expect(
        Map.of(
            "partner:" + partner, 101L,
            "space:" + spacer + "-1", 17L,
            "space:" + spacer + "-2", 17L,
            "space:" + spacer + "-3", 16L));
    publish("voucher", Events.voucherRefunded(Events.fresh("e"), purchase));
    expect(Map.of("partner:" + partner, 0L, "space:" + spacer + "-1", 0L));
    assertThat(CONNECT.number("SELECT count(*) FROM reward_action WHERE state = 'reversed'"))
        .isGreaterThanOrEqualTo(4);
  }

  @Test
  void aRefundThatComesBeforeItsPurchaseCancelsIt() {
    String partner = Events.fresh("p");
    String purchase = Events.fresh("b");
    publish("voucher", Events.voucherRefunded(Events.fresh("e"), purchase));
    publish("voucher", Events.voucherPurchased(Events.fresh("e"), purchase, partner, "[]"));
    expect(Map.of("partner:" + partner, 0L));
    assertThat(
            CONNECT.number(
                "SELECT count(*) FROM reward_action WHERE state = 'refused' AND code = 'cancelled'"
                    + " AND account = 'partner:"
                    + partner
                    + "'"))
        .isEqualTo(1);
  }

  @Test
  void aRefundInTheSameBatchCancelsItWhicheverComesFirst() {
    String partner = Events.fresh("p");
    for (int i = 0; i < 2; i++) {
      String purchase = Events.fresh("b");
      List<String> events =
          new ArrayList<>(
              List.of(
                  Events.voucherPurchased(Events.fresh("e"), purchase, partner, "[]"),
                  Events.voucherRefunded(Events.fresh("e"), purchase)));
      Web.Reply reply =
          CONNECT.as("voucher").publish(Events.batch(i == 0 ? events : events.reversed()));
      assertThat(reply.body().path("accepted").asInt()).isEqualTo(2);
    }
    expect(Map.of("partner:" + partner, 0L));
  }

  @Test
  void pointsThatAreSpentMeanwhileBecomeADebt() {
    String partner = Events.fresh("p");
    String purchase = Events.fresh("b");
    publish("voucher", Events.voucherPurchased(Events.fresh("e"), purchase, partner, "[]"));
    expect(Map.of("partner:" + partner, 101L));
    var spent =
        CONNECT
            .points()
            .as("voucher")
            .post(
                "/internal/debit",
                Map.of(
                    "account",
                    "partner:" + partner,
                    "amount",
                    60,
                    "external_id",
                    Events.fresh("x"),
                    "reason",
                    "test"));
    assertThat(spent.status()).isEqualTo(201);
    publish("voucher", Events.voucherRefunded(Events.fresh("e"), purchase));
    expect(Map.of("partner:" + partner, -60L));
  }

  @Test
  void aBookingBringsGuestAndHostTheirSharesUntilItIsCancelled() {
    String guest = Events.fresh("g");
    String host = Events.fresh("h");
    String booking = Events.fresh("b");
    publish(
        "rielt",
        Events.event(
            "rielt.booking_paid",
            Events.fresh("e"),
            """
            {"booking_id":"%s","user_id":"%s","amount_paid":10000,"points_paid":2000,
             "host_id":"%s"}"""
                .formatted(booking, guest, host)));
    expect(Map.of("user:" + guest, 400L, "user:" + host, 100L));
    publish(
        "rielt",
        Events.event(
            "rielt.booking_cancelled", Events.fresh("e"), "{\"booking_id\":\"" + booking + "\"}"));
    expect(Map.of("user:" + guest, 0L, "user:" + host, 0L));
  }

  @Test
  void aBookingThatIsCancelledBeforeItIsPaidBringsNothing() {
    String guest = Events.fresh("g");
    String booking = Events.fresh("b");
    publish("rielt", Events.bookingCancelled(Events.fresh("e"), booking));
    publish("rielt", Events.bookingPaid(Events.fresh("e"), booking, guest, 10_000, 2_000));
    expect(Map.of("user:" + guest, 0L));
    assertThat(
            CONNECT.number(
                "SELECT count(*) FROM reward_action WHERE code = 'cancelled' AND account = 'user:"
                    + guest
                    + "'"))
        .isEqualTo(1);
    // Another booking of the same guest is none of its business.
    publish("rielt", Events.bookingPaid(Events.fresh("e"), Events.fresh("b"), guest, 10_000, 0));
    expect(Map.of("user:" + guest, 500L));
  }

  @Test
  void referralsBringTheirLevelsTheirShares() {
    String user = Events.fresh("u");
    String first = Events.fresh("r");
    String second = Events.fresh("r");
    String people = "\"user_id\":\"%s\",\"referrer_id\":\"%s\"";
    publish(
        "referral",
        Events.event(
            "referral.joined_level1",
            Events.fresh("e"),
            "{" + people.formatted(user, first) + "}"));
    publish(
        "referral",
        Events.event(
            "referral.joined_level2",
            Events.fresh("e"),
            "{" + people.formatted(user, second) + ",\"via_user_id\":\"" + first + "\"}"));
    expect(Map.of("user:" + user, 50L, "user:" + first, 100L, "user:" + second, 30L));
    String levels =
        "{\"user_id\":\"%s\",\"referrer_level1_id\":\"%s\",\"referrer_level2_id\":\"%s\"}"
            .formatted(user, first, second);
    publish("referral", Events.event("referral.user_upgraded_to_vip", Events.fresh("e"), levels));
    expect(Map.of("user:" + user, 550L, "user:" + first, 300L, "user:" + second, 80L));
    publish(
        "referral",
        Events.event(
            "referral.user_upgraded_to_pro", Events.fresh("e"), "{\"user_id\":\"" + user + "\"}"));
    expect(Map.of("user:" + user, 1_550L, "user:" + first, 300L, "user:" + second, 80L));
  }

  @Test
  void anUpgradeToProBringsItsLevelsTheirShares() {
    String user = Events.fresh("u");
    String first = Events.fresh("r");
    String second = Events.fresh("r");
    publish(
        "referral",
        Events.event(
            "referral.user_upgraded_to_pro",
            Events.fresh("e"),
            "{\"user_id\":\"%s\",\"referrer_level1_id\":\"%s\",\"referrer_level2_id\":\"%s\"}"
                .formatted(user, first, second)));
    expect(Map.of("user:" + user, 1_000L, "user:" + first, 400L, "user:" + second, 100L));
  }
}
