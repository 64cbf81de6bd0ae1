package points.service;

import static org.assertj.core.api.Assertions.assertThat;
import static points.service.Scene.body;
import static points.service.Scene.done;
import static points.service.Scene.id;
import static points.service.Scene.onHold;
import static points.service.Scene.onTransaction;
import static points.service.Scene.refused;
import static points.service.Scene.replayed;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import points.kit.TestPostgres;
import points.service.contract.Answer;
import points.service.contract.ApiClient;

/** Every row of the contract's table of errors: its members, and whether it is remembered. */
class ErrorTableTest {
  private static final String NOBODY = "0192f0c1-7c00-7a01-8c11-000000000001";

  @Test
  void insufficientPointsSaysWhatIsAvailableAndStaysAfterATopUp() {
    for (String verb : List.of("debit", "hold")) {
      Scene scene = Scene.with(20);
      Answer answer =
          remembered(
              scene.quest, verb, scene.moving(21), "insufficient_points", () -> scene.credit(100));
      assertThat(answer.number("available")).isEqualTo(20);
      assertThat(scene.available()).isEqualTo(120);
    }
    Scene never = Scene.fresh();
    Answer answer =
        remembered(
            never.quest, "debit", never.moving(1), "insufficient_points", () -> never.credit(9));
    assertThat(answer.number("available")).isZero();
    assertThat(never.available()).isEqualTo(9);
  }

  @Test
  void aReverseOfWhatIsSpentIsInsufficientAndStaysSo() {
    Scene scene = Scene.fresh();
    Answer credit = scene.credit(50);
    scene.debit(30);
    Answer answer =
        remembered(
            scene.connect,
            "reverse",
            onTransaction(credit),
            "insufficient_points",
            () -> scene.credit(1000));
    assertThat(answer.number("available")).isEqualTo(20);
    assertThat(scene.available()).isEqualTo(1020);
  }

  @Test
  void holdNotActiveShowsTheHold() {
    for (String verb : List.of("capture", "release")) {
      Scene scene = Scene.with(100);
      Answer captured = scene.hold(40);
      scene.capture(captured);
      Answer answer =
          remembered(scene.quest, verb, onHold(captured), "hold_not_active", () -> scene.credit(1));
      assertThat(answer.text("hold/status")).isEqualTo("captured");
      assertThat(answer.number("hold/captured")).isEqualTo(40);
      assertThat(answer.text("hold/hold_id")).isEqualTo(captured.text("hold/hold_id"));
      Answer released = scene.hold(10);
      scene.release(released);
      assertThat(
              remembered(
                      scene.quest, verb, onHold(released), "hold_not_active", () -> scene.credit(1))
                  .text("hold/status"))
          .isEqualTo("released");
    }
  }

  @Test
  void captureExceedsHoldSaysWhatRemains() {
    Scene scene = Scene.with(100);
    Answer hold = scene.hold(60);
    done(
        scene.quest.post(
            "/internal/capture",
            Scene.with(Scene.with(onHold(hold), "amount", 20), "final", false)));
    Answer answer =
        remembered(
            scene.quest,
            "capture",
            Scene.with(onHold(hold), "amount", 41),
            "capture_exceeds_hold",
            () -> scene.credit(1000));
    assertThat(answer.number("remaining")).isEqualTo(40);
    assertThat(scene.balance().path("held").asLong()).isEqualTo(40);
  }

  @Test
  void refundExceedsChargeSaysWhatRemains() {
    Scene scene = Scene.with(100);
    Answer debit = scene.debit(30);
    done(scene.quest.post("/internal/refund", Scene.with(onTransaction(debit), "amount", 10)));
    Answer answer =
        remembered(
            scene.quest,
            "refund",
            Scene.with(onTransaction(debit), "amount", 21),
            "refund_exceeds_charge",
            () -> scene.credit(1));
    assertThat(answer.number("remaining")).isEqualTo(20);
    done(scene.quest.post("/internal/refund", onTransaction(debit)));
    Answer none =
        remembered(
            scene.quest,
            "refund",
            onTransaction(debit),
            "refund_exceeds_charge",
            () -> scene.credit(1));
    assertThat(none.number("remaining")).isZero();
    Answer captured = scene.capture(scene.hold(15));
    remembered(
        scene.quest,
        "refund",
        Scene.with(onTransaction(captured), "amount", 16),
        "refund_exceeds_charge",
        () -> scene.credit(1));
  }

  @Test
  void alreadyReversedSaysWhatIsLeft() {
    Scene scene = Scene.with(100);
    Answer credit = scene.credit(30);
    done(scene.connect.post("/internal/reverse", Scene.with(onTransaction(credit), "amount", 10)));
    Answer more =
        remembered(
            scene.connect,
            "reverse",
            Scene.with(onTransaction(credit), "amount", 21),
            "limit_exceeded",
            () -> scene.credit(1));
    assertThat(more.number("remaining")).isEqualTo(20);
    done(scene.connect.post("/internal/reverse", onTransaction(credit)));
    Answer none =
        remembered(
            scene.connect,
            "reverse",
            onTransaction(credit),
            "already_reversed",
            () -> scene.credit(1));
    assertThat(none.number("remaining")).isZero();
  }

  @Test
  void accountFrozenStaysAfterTheAccountIsUnfrozen() {
    for (String verb : List.of("credit", "debit", "hold")) {
      Scene scene = Scene.with(100);
      scene.freeze();
      ApiClient client = verb.equals("credit") ? scene.connect : scene.quest;
      Map<String, Object> body = scene.moving(5);
      remembered(client, verb, body, "account_frozen", scene::unfreeze);
      done(client.post("/internal/" + verb, Scene.with(body, "external_id", id())));
    }
  }

  @Test
  void balanceLimitStaysAfterThereIsRoom() {
    Scene scene = Scene.fresh();
    int sent = 0;
    while (sent < 9007) {
      List<Map<String, Object>> items = new ArrayList<>();
      for (; items.size() < 1000 && sent < 9007; sent++) {
        items.add(Scene.with(scene.moving(1_000_000_000_000L), "op", "credit"));
      }
      Answer batch = done(scene.connect.postLarge("/internal/batch", Map.of("operations", items)));
      batch.member("results").forEach(r -> assertThat(r.path("status").asInt()).isEqualTo(201));
    }
    long room = 9_007_199_254_740_991L - 9_007_000_000_000_000L;
    remembered(
        scene.connect, "credit", scene.moving(room + 1), "balance_limit", () -> scene.debit(1000));
    scene.credit(room + 1000);
    assertThat(scene.balance().path("total").asLong()).isEqualTo(9_007_199_254_740_991L);
    remembered(scene.connect, "credit", scene.moving(1), "balance_limit", () -> scene.debit(1));
  }

  @Test
  void limitExceededStaysOnTheNextDay() {
    try (TestService own =
        TestService.start(
            TestPostgres.shared().newDatabase(),
            Map.of("sandbox", "true", "credit.daily_max", "100"))) {
      Scene scene = new Scene(own);
      scene.credit(60);
      Answer answer =
          remembered(
              scene.connect,
              "credit",
              scene.moving(41),
              "limit_exceeded",
              () ->
                  done(own.as("connect").post("/sandbox/clock", body("advance_seconds", 86_400))));
      assertThat(answer.number("remaining")).isEqualTo(40);
      scene.credit(100);
    }
  }

  @Test
  void invalidRequestNamesTheFieldsAndIsNotRemembered() {
    Scene scene = Scene.with(10);
    Map<String, Object> right = scene.moving(5);
    Answer answer =
        scene.quest.post(
            "/internal/debit", Scene.with(Scene.with(right, "amount", 0), "reason", "A B"));
    refused(answer, 400, "invalid_request");
    assertThat(answer.member("errors").findValuesAsText("field"))
        .containsExactlyInAnyOrder("amount", "reason");
    assertThat(scene.quest.post("/internal/debit", right).status()).isEqualTo(201);
  }

  @Test
  void unauthenticatedAndForbiddenAreNotRemembered() {
    Scene scene = Scene.with(10);
    Map<String, Object> debit = scene.moving(5);
    refused(scene.service.anonymous().post("/internal/debit", debit), 401, "unauthenticated");
    refused(scene.connect.post("/internal/debit", debit), 403, "operation_not_allowed");
    assertThat(scene.quest.post("/internal/debit", debit).status()).isEqualTo(201);
  }

  @Test
  void notOwnerIsNotRemembered() {
    Scene scene = Scene.with(100);
    Answer hold = scene.hold(10);
    Answer debit = scene.debit(10);
    Answer theirs = done(scene.rielt.post("/internal/hold", scene.moving(10)));
    Answer theirDebit = done(scene.rielt.post("/internal/debit", scene.moving(10)));
    JsonNode before = scene.balance();
    for (String verb : List.of("capture", "release")) {
      String key = id();
      refused(
          scene.rielt.post("/internal/" + verb, Scene.with(onHold(hold), "external_id", key)),
          403,
          "not_owner");
      assertThat(scene.balance()).isEqualTo(before);
      if (verb.equals("release")) {
        assertThat(
                scene
                    .rielt
                    .post("/internal/" + verb, Scene.with(onHold(theirs), "external_id", key))
                    .status())
            .isEqualTo(201);
      }
    }
    String key = id();
    refused(
        scene.rielt.post("/internal/refund", Scene.with(onTransaction(debit), "external_id", key)),
        403,
        "not_owner");
    assertThat(
            scene
                .rielt
                .post("/internal/refund", Scene.with(onTransaction(theirDebit), "external_id", key))
                .status())
        .isEqualTo(201);
  }

  @Test
  void whatIsNotThereIsNotRemembered() {
    Scene scene = Scene.with(100);
    Answer hold = scene.hold(10);
    Answer credit = scene.credit(7);
    Answer debit = scene.debit(5);
    String key = id();
    refused(
        scene.quest.post("/internal/capture", body("hold_id", NOBODY, "external_id", key)),
        404,
        "hold_not_found");
    refused(
        scene.quest.post("/internal/release", body("hold_id", NOBODY, "external_id", key)),
        404,
        "hold_not_found");
    refused(
        scene.quest.post("/internal/refund", body("transaction_id", NOBODY, "external_id", key)),
        404,
        "transaction_not_found");
    refused(
        scene.quest.post("/internal/refund", Scene.with(onTransaction(credit), "external_id", key)),
        404,
        "transaction_not_found");
    refused(
        scene.quest.post("/internal/refund", Scene.with(onTransaction(hold), "external_id", key)),
        404,
        "transaction_not_found");
    assertThat(
            scene
                .quest
                .post("/internal/capture", Scene.with(onHold(hold), "external_id", key))
                .status())
        .isEqualTo(201);
    String other = id();
    refused(
        scene.connect.post(
            "/internal/reverse", body("transaction_id", NOBODY, "external_id", other)),
        404,
        "transaction_not_found");
    refused(
        scene.connect.post(
            "/internal/reverse", Scene.with(onTransaction(debit), "external_id", other)),
        404,
        "transaction_not_found");
    assertThat(
            scene
                .connect
                .post("/internal/reverse", Scene.with(onTransaction(credit), "external_id", other))
                .status())
        .isEqualTo(201);
  }

  @Test
  void readsTellWhatIsNotThere() {
    Scene scene = Scene.fresh();
    refused(scene.quest.get("/internal/holds/" + NOBODY), 404, "hold_not_found");
    refused(scene.quest.get("/internal/transactions/" + NOBODY), 404, "transaction_not_found");
    refused(
        scene.quest.get("/internal/transactions?external_id=" + id()),
        404,
        "transaction_not_found");
    Map<String, Object> debit = scene.moving(5);
    refused(scene.quest.post("/internal/debit", debit), 422, "insufficient_points");
    refused(
        scene.quest.get("/internal/transactions?external_id=" + debit.get("external_id")),
        404,
        "transaction_not_found");
    for (String verb : List.of("freeze", "unfreeze")) {
      refused(scene.admin.post(scene.path(verb), body("reason", "x")), 404, "not_found");
    }
    for (String path : List.of("/", "/internal", "/internal/credit/", "/internal/nothing", "/v2")) {
      refused(scene.quest.get(path), 404, "not_found");
      refused(scene.service.anonymous().get(path), 404, "not_found");
    }
  }

  @Test
  void otherMethodsAreToldTheRightOnes() {
    Scene scene = Scene.fresh();
    for (String verb :
        List.of("credit", "debit", "hold", "capture", "release", "refund", "reverse", "batch")) {
      for (String method : List.of("GET", "PUT", "DELETE", "PATCH")) {
        Answer answer = scene.connect.send(method, "/internal/" + verb, null);
        refused(answer, 405, "method_not_allowed");
        assertThat(answer.header("Allow")).contains("POST");
      }
    }
    for (String path : List.of(scene.path("balance"), "/internal/events", "/metrics")) {
      Answer answer = scene.connect.send("POST", path, "{}");
      refused(answer, 405, "method_not_allowed");
      assertThat(answer.header("Allow").orElse("")).startsWith("GET");
    }
  }

  @Test
  void aBodyMayHold64KibAndABatch4Mib() {
    Scene scene = Scene.fresh();
    for (String verb : List.of("credit", "reverse")) {
      String path = "/internal/" + verb;
      refused(scene.connect.post(path, "{}" + " ".repeat(65_536 - 2)), 400, "invalid_request");
      refused(scene.connect.post(path, "{}" + " ".repeat(65_536 - 1)), 413, "too_large");
    }
    String most = "{\"operations\":[" + " ".repeat(4 * 1024 * 1024 - 17) + "]}";
    assertThat(most).hasSize(4 * 1024 * 1024);
    refused(scene.connect.post("/internal/batch", most), 400, "invalid_request");
    refused(scene.connect.post("/internal/batch", most + " "), 413, "too_large");
    Map<String, Object> credit = scene.moving(5);
    assertThat(scene.connect.post("/internal/credit", credit).status()).isEqualTo(201);
  }

  @Test
  void onlyJsonIsTaken() {
    Scene scene = Scene.fresh();
    Map<String, Object> credit = scene.moving(5);
    for (Map<String, String> headers :
        List.<Map<String, String>>of(
            Map.of(),
            Map.of("Content-Type", "text/plain"),
            Map.of("Content-Type", "application/x-www-form-urlencoded"),
            Map.of("Content-Type", "application/jsonp"),
            Map.of("Content-Type", "application/json; charset=iso-8859-1"))) {
      refused(
          scene.connect.send("POST", "/internal/credit", headers, credit),
          415,
          "unsupported_media_type");
    }
    assertThat(scene.available()).isZero();
    assertThat(
            scene
                .connect
                .send(
                    "POST",
                    "/internal/credit",
                    Map.of("Content-Type", "Application/JSON; charset=UTF-8"),
                    credit)
                .status())
        .isEqualTo(201);
  }

  /** Refused, the same again, and the same again once the cause has gone; nothing moves. */
  private static Answer remembered(
      ApiClient client, String verb, Map<String, Object> body, String code, Runnable cure) {
    String path = "/internal/" + verb;
    Answer first = refused(client.post(path, body), 422, code);
    assertThat(first.isReplay()).isFalse();
    replayed(first, client.post(path, body));
    cure.run();
    replayed(first, client.post(path, body));
    return first;
  }
}
