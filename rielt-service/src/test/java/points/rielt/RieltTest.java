package points.rielt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import points.client.Balance;
import points.purchases.Surroundings;
import points.service.contract.Answer;

/** Places are booked, paid and cancelled, on a real Points Service. */
class RieltTest {
  private static final Surroundings AROUND = new Surroundings("rielt");
  private static final TestRielt RIELT = new TestRielt(AROUND);

  @AfterAll
  static void close() {
    RIELT.close();
    AROUND.close();
  }

  @Test
  void aBookingIsHeldPaidAndCancelled() {
    String user = AROUND.user(600);
    String listing = RIELT.listing(100);
    Answer booked = RIELT.book(listing, user, "2026-12-24", "2026-12-29", 200);
    assertThat(booked.status()).as(booked.text()).isEqualTo(201);
    assertThat(booked.text("state")).isEqualTo("reserved");
    assertThat(booked.number("price")).isEqualTo(500);
    assertThat(AROUND.balance(user)).isEqualTo(new Balance(400, 200, 0, 0, 600));
    String booking = booked.text("booking_id");
    assertThat(RIELT.act(booking, "confirm").text("state")).isEqualTo("paid");
    assertThat(RIELT.act(booking, "confirm").status()).isEqualTo(200);
    assertThat(AROUND.balance(user)).isEqualTo(new Balance(400, 0, 0, 0, 400));
    JsonNode paid = event("rielt.booking_paid", booking);
    assertThat(paid.get("listing_id").asText()).isEqualTo(listing);
    assertThat(paid.get("user_id").asText()).isEqualTo(user);
    assertThat(paid.get("host_id").asText()).isEqualTo("9");
    assertThat(paid.get("amount_paid").asLong()).isEqualTo(500);
    assertThat(paid.get("points_paid").asLong()).isEqualTo(200);
    assertThat(RIELT.act(booking, "cancel").text("state")).isEqualTo("refunded");
    assertThat(RIELT.act(booking, "cancel").status()).isEqualTo(200);
    assertThat(AROUND.balance(user)).isEqualTo(new Balance(600, 0, 0, 0, 600));
    assertThat(event("rielt.booking_cancelled", booking).get("booking_id").asText())
        .isEqualTo(booking);
    assertThat(RIELT.act(booking, "confirm").code()).isEqualTo("state_conflict");
    assertThat(RIELT.book(listing, user, "2026-12-24", "2026-12-29", 500).status()).isEqualTo(201);
  }

  @Test
  void whatIsCancelledBeforeItIsPaidIsNobodysNews() {
    String user = AROUND.user(100);
    String listing = RIELT.listing(100);
    String booking = RIELT.book(listing, user, "2027-01-01", "2027-01-02", 100).text("booking_id");
    assertThat(RIELT.act(booking, "cancel").text("state")).isEqualTo("cancelled");
    assertThat(AROUND.balance(user)).isEqualTo(new Balance(100, 0, 0, 0, 100));
    String next = RIELT.book(listing, user, "2027-01-01", "2027-01-02", 100).text("booking_id");
    RIELT.act(next, "confirm");
    event("rielt.booking_paid", next);
    assertThat(AROUND.receiver().taken("rielt.booking_cancelled", "booking:" + booking)).isEmpty();
  }

  @Test
  void noTwoBookingsHaveANightInCommon() {
    String user = AROUND.user(10_000);
    String listing = RIELT.listing(1);
    assertThat(RIELT.book(listing, user, "2027-02-10", "2027-02-20", 1).status()).isEqualTo(201);
    List<List<String>> overlapping =
        List.of(
            List.of("2027-02-10", "2027-02-20"),
            List.of("2027-02-09", "2027-02-11"),
            List.of("2027-02-19", "2027-02-21"),
            List.of("2027-02-12", "2027-02-13"),
            List.of("2027-02-01", "2027-03-01"));
    for (List<String> dates : overlapping) {
      Answer refused = RIELT.book(listing, user, dates.getFirst(), dates.getLast(), 1);
      assertThat(refused.status()).as(dates.toString()).isEqualTo(409);
      assertThat(refused.code()).isEqualTo("dates_taken");
    }
    assertThat(RIELT.book(listing, user, "2027-02-09", "2027-02-10", 1).status()).isEqualTo(201);
    assertThat(RIELT.book(listing, user, "2027-02-20", "2027-02-21", 1).status()).isEqualTo(201);
    assertThat(RIELT.book(RIELT.listing(1), user, "2027-02-10", "2027-02-20", 1).status())
        .isEqualTo(201);
    assertThat(AROUND.balance(user).held()).isEqualTo(4);
  }

  @Test
  void ofManyGuestsWithOverlappingDatesOneGetsThem() throws Exception {
    String listing = RIELT.listing(1);
    List<Callable<Answer>> calls = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      String user = AROUND.user(100);
      // All of them have the night from the 20th to the 21st.
      String from = "2027-05-" + (10 + i % 11);
      String to = "2027-05-" + (21 + i % 9);
      calls.add(() -> RIELT.book(listing, user, from, to, 1));
    }
    List<String> outcomes = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Answer> answer : threads.invokeAll(calls)) {
        outcomes.add(answer.get().status() == 201 ? "booked" : answer.get().code());
      }
    }
    assertThat(outcomes).filteredOn("booked"::equals).hasSize(1);
    assertThat(outcomes).filteredOn("dates_taken"::equals).hasSize(31);
  }

  @Test
  void refusedPointsLeaveTheDatesFree() {
    String listing = RIELT.listing(100);
    Answer refused = RIELT.book(listing, AROUND.user(99), "2027-03-01", "2027-03-02", 100);
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.code()).isEqualTo("insufficient_points");
    assertThat(refused.number("available")).isEqualTo(99);
    assertThat(RIELT.purchase(refused.text("booking_id")).text("state")).isEqualTo("refused");
    assertThat(RIELT.book(listing, AROUND.user(100), "2027-03-01", "2027-03-02", 100).status())
        .isEqualTo(201);
  }

  @Test
  void aRequestIdMakesOneBooking() {
    String listing = RIELT.listing(100);
    String user = AROUND.user(500);
    String requestId = Surroundings.requestId();
    Answer first = RIELT.book(listing, user, "2027-04-01", "2027-04-03", requestId);
    assertThat(first.number("points")).isEqualTo(200);
    Answer again = RIELT.book(listing, user, "2027-04-01", "2027-04-03", requestId);
    assertThat(again.status()).as(again.text()).isEqualTo(200);
    assertThat(again.text("booking_id")).isEqualTo(first.text("booking_id"));
    Answer other = RIELT.book(listing, user, "2027-04-01", "2027-04-04", requestId);
    assertThat(other.code()).isEqualTo("request_id_conflict");
  }

  @Test
  void theCatalogue() {
    String first = RIELT.listing(1);
    String second =
        RIELT
            .admin
            .post("/listings", Map.of("title", "Nobody's", "night_points", 2))
            .text("listing_id");
    Answer page = RIELT.app.get("/listings?limit=1");
    assertThat(page.member("listings").get(0).get("listing_id").asText()).isEqualTo(second);
    Answer next = RIELT.app.get("/listings?limit=1&cursor=" + page.text("next_cursor"));
    assertThat(next.member("listings").get(0).get("listing_id").asText()).isEqualTo(first);
    assertThat(RIELT.app.get("/listings/" + second).json().has("host_id")).isFalse();
  }

  @Test
  void whatIsWrong() {
    String listing = RIELT.listing(100);
    requireInvalid(RIELT.book(listing, "1", "2027-04-01", "2027-04-01", 1));
    requireInvalid(RIELT.book(listing, "1", "2027-04-02", "2027-04-01", 1));
    requireInvalid(RIELT.book(listing, "1", "2027-04-01", "2028-04-02", 1));
    requireInvalid(RIELT.book(listing, "1", "2027-02-29", "2027-03-01", 1));
    requireInvalid(RIELT.book(listing, "1", "1999-12-30", "1999-12-31", 1));
    requireInvalid(RIELT.book(listing, "1", "2027-04-01", "2027-04-02", 101));
    requireInvalid(RIELT.book("x", "1", "2027-04-01", "2027-04-02", 1));
    assertThat(RIELT.book(UUID.randomUUID().toString(), "1", "2027-04-01", "2027-04-02", 1).code())
        .isEqualTo("not_found");
    assertThat(RIELT.purchase(UUID.randomUUID().toString()).code()).isEqualTo("not_found");
    assertThat(RIELT.app.post("/listings", Map.of("title", "x", "night_points", 1)).status())
        .isEqualTo(403);
    assertThat(RIELT.client().get("/listings").status()).isEqualTo(401);
    assertThat(RIELT.client().get("/health/ready").status()).isEqualTo(200);
  }

  private static void requireInvalid(Answer answer) {
    assertThat(answer.code()).as(answer.text()).isEqualTo("invalid_request");
  }

  private static JsonNode event(String type, String booking) {
    await().until(() -> !AROUND.receiver().taken(type, "booking:" + booking).isEmpty());
    List<JsonNode> events = AROUND.receiver().taken(type, "booking:" + booking);
    assertThat(events).hasSize(1);
    return events.getFirst().get("data");
  }
}
