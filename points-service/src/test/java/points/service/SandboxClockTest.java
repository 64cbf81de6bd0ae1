package points.service;

import static org.assertj.core.api.Assertions.assertThat;
import static points.service.Scene.body;
import static points.service.Scene.done;
import static points.service.Scene.onHold;
import static points.service.Scene.onTransaction;
import static points.service.Scene.refused;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.LoggerFactory;
import points.kit.TestPostgres;
import points.service.contract.Answer;
import points.service.contract.ApiClient;

/** What time does, with a clock that the test moves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SandboxClockTest {
  /** What the contract allows between being due and being done. */
  private static final Duration DUE = Duration.ofSeconds(5);

  private final TestService service =
      TestService.start(TestPostgres.shared().newDatabase(), Map.of("sandbox", "true"));

  @BeforeAll
  void itTells() {
    assertThat(Duration.between(now(), Instant.now()).abs()).isLessThan(Duration.ofMinutes(1));
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void theClockMovesForwardOnlyAndByWholeSeconds() {
    Instant before = now();
    Instant after = advance(100);
    assertThat(Duration.between(before, after))
        .isBetween(Duration.ofSeconds(100), Duration.ofSeconds(110));
    for (Object wrong : List.of(-1, 1.5, "5", 315_360_001L)) {
      refused(
          service.as("admin").post("/sandbox/clock", body("advance_seconds", wrong)),
          400,
          "invalid_request");
    }
    refused(service.as("admin").post("/sandbox/clock", "{}"), 400, "invalid_request");
    assertThat(now()).isBefore(after.plusSeconds(10));
    Scene scene = new Scene(service);
    assertThat(Instant.parse(scene.credit(1).text("created_at"))).isAfterOrEqualTo(after);
  }

  @Test
  void aHoldThatLapsedIsReleasedByTheServiceItself() {
    Scene scene = funded(100);
    Answer hold = holdFor(scene, 40, 60);
    done(
        scene.quest.post(
            "/internal/capture",
            Scene.with(Scene.with(onHold(hold), "amount", 15), "final", false)));
    advance(61);
    within5s("expire_hold", () -> has(scene, "expire_hold"));
    JsonNode expiry = newest(scene);
    assertThat(expiry.path("amount").asLong()).isEqualTo(25);
    assertThat(expiry.path("source").asText()).isEqualTo("points");
    assertThat(expiry.path("hold").path("status").asText()).isEqualTo("expired");
    assertThat(expiry.path("hold").path("captured").asLong()).isEqualTo(15);
    assertThat(expiry.path("hold").path("released").asLong()).isEqualTo(25);
    assertBalance(scene, 85, 0, 0);
    for (String verb : List.of("capture", "release")) {
      Answer late =
          refused(scene.quest.post("/internal/" + verb, onHold(hold)), 422, "hold_not_active");
      assertThat(late.text("hold/status")).isEqualTo("expired");
    }
    assertThat(done(scene.quest.get("/internal/holds/" + hold.text("hold/hold_id"))).text("status"))
        .isEqualTo("expired");
  }

  @Test
  void fromExpiresAtOnACaptureIsRefusedWhetherOrNotTheExpiryWasPosted() {
    for (int round = 0; round < 5; round++) {
      Scene scene = funded(100);
      Answer hold = holdFor(scene, 40, 60);
      Answer early = holdFor(scene, 10, 61);
      done(scene.quest.post("/internal/capture", onHold(early)));
      advance(60);
      Answer late =
          refused(scene.quest.post("/internal/capture", onHold(hold)), 422, "hold_not_active");
      assertThat(late.text("hold/status")).isEqualTo("expired");
      within5s("expire_hold", () -> has(scene, "expire_hold"));
      assertBalance(scene, 90, 0, 0);
    }
  }

  @Test
  void aLotThatLapsedIsTakenAway() {
    Scene scene = funded(10);
    String expiresAt = now().plusSeconds(3600).toString();
    done(
        scene.connect.post(
            "/internal/credit", Scene.with(scene.moving(50), "expires_at", expiresAt)));
    scene.debit(20);
    assertBalance(scene, 40, 0, 0);
    JsonNode expiring = scene.read("balance").member("expiring");
    assertThat(expiring).hasSize(1);
    assertThat(expiring.path(0).path("amount").asLong()).as("soonest first").isEqualTo(30);
    advance(3601);
    // From that instant on the points cannot be spent, posted or not.
    refused(scene.quest.post("/internal/debit", scene.moving(11)), 422, "insufficient_points");
    within5s("expire_lot", () -> has(scene, "expire_lot"));
    assertThat(newest(scene).path("amount").asLong()).isEqualTo(30);
    assertBalance(scene, 10, 0, 0);
    assertThat(scene.read("balance").member("expiring")).isEmpty();
  }

  @Test
  void aPendingCreditBecomesAvailable() {
    Scene scene = funded(10);
    String availableAt = now().plusSeconds(3600).toString();
    done(
        scene.connect.post(
            "/internal/credit", Scene.with(scene.moving(50), "available_at", availableAt)));
    assertBalance(scene, 10, 0, 50);
    refused(scene.quest.post("/internal/debit", scene.moving(11)), 422, "insufficient_points");
    advance(3601);
    within5s("activate", () -> has(scene, "activate"));
    assertBalance(scene, 60, 0, 0);
    scene.debit(60);
  }

  @Test
  void aRefundIntoALapsedLotExpiresAtOnceAsItsOwnPosting() {
    Scene scene = new Scene(service);
    String expiresAt = now().plusSeconds(600).toString();
    done(
        scene.connect.post(
            "/internal/credit", Scene.with(scene.moving(50), "expires_at", expiresAt)));
    Answer debit = scene.debit(50);
    advance(601);
    Answer refund =
        done(scene.quest.post("/internal/refund", Scene.with(onTransaction(debit), "amount", 20)));
    assertThat(refund.number("balance/available"))
        .as("right after the refund itself")
        .isEqualTo(20);
    assertThat(types(scene)).containsExactly("expire_lot", "refund", "debit", "credit");
    assertThat(newest(scene).path("amount").asLong()).isEqualTo(20);
    assertBalance(scene, 0, 0, 0);
  }

  @Test
  void aReleaseIntoALapsedLotExpiresAtOnceToo() {
    Scene scene = new Scene(service);
    String expiresAt = now().plusSeconds(600).toString();
    done(
        scene.connect.post(
            "/internal/credit", Scene.with(scene.moving(50), "expires_at", expiresAt)));
    Answer hold = scene.hold(30);
    advance(601);
    within5s("expire_lot", () -> has(scene, "expire_lot"));
    assertBalance(scene, 0, 30, 0);
    JsonNode lot = scene.read("explain").member("lots/0");
    assertThat(lot.path("status").asText()).isEqualTo("expired");
    assertThat(lot.path("remaining").asLong()).isZero();
    assertThat(lot.path("held").asLong()).isEqualTo(30);
    scene.release(hold);
    assertThat(types(scene))
        .containsExactly("expire_lot", "release", "expire_lot", "hold", "credit");
    assertBalance(scene, 0, 0, 0);
  }

  @Test
  void withoutSandboxThereIsNoClock() {
    try (TestService plain = TestService.start(TestPostgres.shared().newDatabase(), Map.of())) {
      refused(
          plain.anonymous().post("/sandbox/clock", body("advance_seconds", 1)), 404, "not_found");
      refused(
          plain.as("admin").post("/sandbox/clock", body("advance_seconds", 1)), 404, "not_found");
    }
  }

  @Test
  void whoIsNotKnownMayNotMoveIt() {
    Instant before = now();
    for (ApiClient nobody :
        List.of(service.anonymous(), service.anonymous().as("pk_admin_" + "A".repeat(43)))) {
      refused(
          nobody.post("/sandbox/clock", body("advance_seconds", 1_000_000)),
          401,
          "unauthenticated");
    }
    assertThat(now()).isBefore(before.plusSeconds(1_000));
  }

  @Test
  void itMovesAHundredYearsAndThenNoMore() {
    String database = TestPostgres.shared().newDatabase();
    try (TestService own = TestService.start(database, Map.of("sandbox", "true"))) {
      for (int i = 0; i < 10; i++) {
        done(own.as("admin").post("/sandbox/clock", body("advance_seconds", 315_360_000L)));
      }
      for (long more : new long[] {1, 315_360_000L}) {
        Answer refused =
            refused(
                own.as("admin").post("/sandbox/clock", body("advance_seconds", more)),
                400,
                "invalid_request");
        assertThat(refused.text("errors/0/field")).isEqualTo("advance_seconds");
      }
      new Scene(own).credit(5);
    }
    // Without --sandbox it stays where it is, as the ledger's time never runs backwards, and says
    // so.
    ListAppender<ILoggingEvent> said = new ListAppender<>();
    Logger log = (Logger) LoggerFactory.getLogger(PointsService.class);
    said.start();
    log.addAppender(said);
    try (TestService plain = TestService.start(database, Map.of())) {
      String createdAt = new Scene(plain).credit(5).text("created_at");
      assertThat(Instant.parse(createdAt)).isAfter(Instant.parse("2100-01-01T00:00:00Z"));
    } finally {
      log.detachAppender(said);
    }
    assertThat(said.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .anyMatch(line -> line.contains("moved 3153600000 seconds ahead"));
  }

  /**
   * On a service that posts what is due only once an hour, so that what is asked is asked first.
   */
  @Test
  void whatIsReadAgreesWithWhatIsRefusedBeforeTheExpiryIsPosted() {
    try (TestService late =
        TestService.start(
            TestPostgres.shared().newDatabase(), Map.of("sandbox", "true", "due.interval", "1h"))) {
      Scene scene = new Scene(late);
      Instant now = Instant.parse(scene.credit(100).text("created_at"));
      Answer lapsing =
          done(
              scene.connect.post(
                  "/internal/credit",
                  Scene.with(scene.moving(50), "expires_at", now.plusSeconds(60).toString())));
      done(
          scene.connect.post(
              "/internal/credit",
              Scene.with(scene.moving(70), "expires_at", now.plusSeconds(9_000).toString())));
      assertThat(lapsing.number("balance/available")).isEqualTo(150);
      Answer hold = holdFor(scene, 10, 60);
      Answer kept = holdFor(scene, 5, 9_000);
      done(late.as("admin").post("/sandbox/clock", body("advance_seconds", 61)));
      Answer one = done(scene.quest.get("/internal/holds/" + hold.text("hold/hold_id")));
      assertThat(one.text("status")).isEqualTo("expired");
      assertThat(one.number("remaining")).isZero();
      assertThat(one.number("released")).isEqualTo(10);
      assertThat(scene.read("holds?status=active").member("holds").findValuesAsText("hold_id"))
          .containsExactly(kept.text("hold/hold_id"));
      assertThat(scene.read("holds?status=expired").member("holds").findValuesAsText("hold_id"))
          .containsExactly(hold.text("hold/hold_id"));
      assertThat(scene.read("explain").member("holds").findValuesAsText("status"))
          .containsExactly("active", "expired");
      JsonNode expiring = scene.read("balance").member("expiring");
      assertThat(expiring).hasSize(1);
      assertThat(expiring.path(0).path("amount").asLong()).isEqualTo(70);
      Answer late2 =
          refused(scene.quest.post("/internal/capture", onHold(hold)), 422, "hold_not_active");
      assertThat(late2.member("hold/status")).isEqualTo(one.member("status"));
    }
  }

  /**
   * Nothing moves on a frozen account; what has come due in the meantime follows the unfreezing.
   */
  @Test
  void onAFrozenAccountWhatIsDueWaitsAndReadsSaySo() {
    Scene scene = funded(100);
    Answer hold = holdFor(scene, 40, 60);
    scene.freeze();
    advance(61);
    assertThat(done(scene.quest.get("/internal/holds/" + hold.text("hold/hold_id"))).text("status"))
        .isEqualTo("expired");
    refused(scene.quest.post("/internal/capture", onHold(hold)), 422, "hold_not_active");
    assertBalance(scene, 60, 40, 0);
    scene.unfreeze();
    within5s("expire_hold", () -> has(scene, "expire_hold"));
    assertBalance(scene, 100, 0, 0);
  }

  private Scene funded(long available) {
    Scene scene = new Scene(service);
    scene.credit(available);
    return scene;
  }

  private static Answer holdFor(Scene scene, long amount, int seconds) {
    return done(
        scene.quest.post(
            "/internal/hold", Scene.with(scene.moving(amount), "expires_in", seconds)));
  }

  private Instant advance(long seconds) {
    Answer answer =
        done(service.as("quest").post("/sandbox/clock", body("advance_seconds", seconds)));
    return Instant.parse(answer.text("now"));
  }

  private Instant now() {
    return advance(0);
  }

  private static List<String> types(Scene scene) {
    List<String> types = new ArrayList<>();
    scene
        .read("transactions")
        .member("transactions")
        .forEach(t -> types.add(t.path("type").asText()));
    return types;
  }

  private static boolean has(Scene scene, String type) {
    return types(scene).contains(type);
  }

  private static JsonNode newest(Scene scene) {
    return scene.read("transactions").member("transactions/0");
  }

  private static void assertBalance(Scene scene, long available, long held, long pending) {
    JsonNode balance = scene.balance();
    assertThat(balance.path("available").asLong()).isEqualTo(available);
    assertThat(balance.path("held").asLong()).isEqualTo(held);
    assertThat(balance.path("pending").asLong()).isEqualTo(pending);
  }

  private static void within5s(String what, BooleanSupplier done) {
    long end = System.nanoTime() + DUE.toNanos();
    while (!done.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what + " within 5 s").isLessThan(end);
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
