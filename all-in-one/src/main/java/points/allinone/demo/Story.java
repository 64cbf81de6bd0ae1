package points.allinone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import points.allinone.demo.Stage.Of;

/**
 * The mission, told: people join on invitations, complete a quest, book a flat partly with points,
 * buy a premium voucher, and change their minds. Everybody and everything in it is new each time,
 * so it can be told again and again on the same data. Used by one thread.
 */
final class Story {
  private static final String APP = "app";
  private static final String ADMIN = "admin";

  private final Stage stage;
  private final PrintStream out;
  private final String run;
  private final Map<String, Long> balances = new LinkedHashMap<>();

  /**
   * A story.
   *
   * @param run tells its people from those of other runs
   */
  Story(Stage stage, PrintStream out, String run) {
    this.stage = stage;
    this.out = out;
    this.run = run;
  }

  /**
   * Tells it.
   *
   * @throws DemoFailed if something comes out otherwise than it should
   */
  void tell() throws IOException, InterruptedException {
    join();
    rise();
    completeAQuest();
    String booking = bookAFlat();
    buyAVoucher();
    askForTooMuch();
    cancel(booking);
  }

  private void join() throws IOException, InterruptedException {
    say("Anna joins; Boris joins with Anna's code, and Vera with Boris's.");
    String anna = member("anna", Map.of());
    String boris = member("boris", Map.of("invited_by_code", anna));
    member("vera", Map.of("invited_by_code", boris));
    told("joining is worth 50, inviting 100, and the invited one's inviting 30");
    gain("user:" + id("anna"), 130);
    gain("user:" + id("boris"), 150);
    gain("user:" + id("vera"), 50);
  }

  private String member(String name, Map<String, String> invited)
      throws IOException, InterruptedException {
    Map<String, String> body = new LinkedHashMap<>(invited);
    body.put("user_id", id(name));
    return made(Of.REFERRAL, "/members", body, it -> "/members/" + id(name)).path("code").asText();
  }

  private void rise() throws IOException, InterruptedException {
    say("Boris becomes VIP.");
    String self = "/members/" + id("boris");
    made(Of.REFERRAL, self + "/upgrade", Map.of("to", "vip"), it -> self);
    told("that is worth 500, and 200 for who invited him");
    gain("user:" + id("boris"), 500);
    gain("user:" + id("anna"), 200);
  }

  private void completeAQuest() throws IOException, InterruptedException {
    say("Boris buys a quest for 40 points, and completes it.");
    String quest =
        offered(
                Of.QUEST,
                "/quests",
                Map.of("title", "A walk through the old town", "price_points", 40))
            .path("quest_id")
            .asText();
    String purchase =
        "/purchases/"
            + made(
                    Of.QUEST,
                    "/quests/" + quest + "/purchases",
                    Map.of("user_id", id("boris"), "request_id", "quest-" + run),
                    it -> "/purchases/" + it.path("purchase_id").asText())
                .path("purchase_id")
                .asText();
    told("40 are on hold");
    gain("user:" + id("boris"), -40);
    made(Of.QUEST, purchase + "/confirm", Map.of(), it -> purchase);
    made(Of.QUEST, purchase + "/complete", Map.of(), it -> purchase);
    told("the hold is captured; a completed quest is worth 100");
    gain("user:" + id("boris"), 100);
  }

  private String bookAFlat() throws IOException, InterruptedException {
    say("Boris books a flat for three nights at 200, and pays half of it with points.");
    String listing =
        offered(
                Of.RIELT,
                "/listings",
                Map.of("title", "A flat by the river", "host_id", id("host"), "night_points", 200))
            .path("listing_id")
            .asText();
    String booking =
        "/bookings/"
            + made(
                    Of.RIELT,
                    "/bookings",
                    Map.of(
                        "listing_id",
                        listing,
                        "user_id",
                        id("boris"),
                        "from",
                        "2030-06-01",
                        "to",
                        "2030-06-04",
                        "points",
                        300,
                        "request_id",
                        "flat-" + run),
                    it -> "/bookings/" + it.path("booking_id").asText())
                .path("booking_id")
                .asText();
    made(Of.RIELT, booking + "/confirm", Map.of(), it -> booking);
    told("300 are charged; 5 % of the other half come back, and the host gets 1 % of all");
    gain("user:" + id("boris"), -300 + 15);
    gain("user:" + id("host"), 6);
    return booking;
  }

  private void buyAVoucher() throws IOException, InterruptedException {
    say(
        "Anna buys a premium voucher for 300 points; a partner and two PRO-spacers stand behind it.");
    String voucher = voucher();
    String purchase =
        "/purchases/"
            + made(
                    Of.VOUCHER,
                    "/vouchers/" + voucher + "/purchases",
                    Map.of("user_id", id("anna"), "request_id", "voucher-" + run),
                    it -> "/purchases/" + it.path("purchase_id").asText())
                .path("purchase_id")
                .asText();
    JsonNode paid = made(Of.VOUCHER, purchase + "/confirm", Map.of(), it -> purchase);
    told(
        "her code is "
            + paid.path("code").asText()
            + "; 10 % go to the partner, 5 % to the PRO-spacers, split to the last point");
    gain("user:" + id("anna"), -300);
    gain("partner:" + id("partner"), 30);
    gain("space:" + id("spacer1"), 8);
    gain("space:" + id("spacer2"), 7);
  }

  private String voucher() throws IOException, InterruptedException {
    return offered(
            Of.VOUCHER,
            "/vouchers",
            Map.of(
                "title",
                "An evening at the spa",
                "partner_id",
                id("partner"),
                "pro_spacer_ids",
                List.of(id("spacer1"), id("spacer2")),
                "price_points",
                300,
                "stock",
                2,
                "payment",
                "debit"))
        .path("voucher_id")
        .asText();
  }

  private void askForTooMuch() throws IOException, InterruptedException {
    say("Vera wants one too, with her 50 points.");
    Stage.Answer refused =
        stage.post(
            Of.VOUCHER,
            APP,
            "/vouchers/" + voucher() + "/purchases",
            Map.of("user_id", id("vera"), "request_id", "too-much-" + run));
    if (refused.status() != 422 || !refused.text("code").equals("insufficient_points")) {
      throw new DemoFailed("it should be refused, not " + refused.status() + " " + refused.body());
    }
    told("refused: " + refused.text("detail"));
    gain("user:" + id("vera"), 0);
  }

  private void cancel(String booking) throws IOException, InterruptedException {
    say("Boris cancels the flat.");
    made(Of.RIELT, booking + "/cancel", Map.of(), it -> booking);
    told("his points come back, and what was given for the booking is taken back");
    gain("user:" + id("boris"), 300 - 15);
    gain("user:" + id("host"), -6);
  }

  private JsonNode offered(Of service, String path, Map<String, ?> body)
      throws IOException, InterruptedException {
    return stage.done(service, ADMIN, path, body, it -> path).body();
  }

  private JsonNode made(
      Of service, String path, Map<String, ?> body, Function<JsonNode, String> self)
      throws IOException, InterruptedException {
    return stage.done(service, APP, path, body, self).body();
  }

  private String id(String name) {
    return name + "-" + run;
  }

  private void say(String what) {
    out.println("\n" + what);
  }

  private void told(String why) {
    out.println("  " + why);
  }

  /** Waits until the balance has changed by so much, and shows it. */
  private void gain(String account, long points) throws IOException, InterruptedException {
    long now = balances.getOrDefault(account, 0L) + points;
    stage.await(account, now);
    balances.put(account, now);
    out.printf("    %-28s %6d   (%+d)%n", account, now, points);
  }
}
