package points.service;

import static points.service.Scene.body;
import static points.service.Scene.done;
import static points.service.Scene.onHold;
import static points.service.Scene.onTransaction;
import static points.service.Scene.refused;
import static points.service.Scene.replayed;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import points.service.contract.Answer;

/** Which error is told when several would do, by pairs of neighbours and beyond. */
class PrecedenceTest {
  private static final String NOBODY = "0192f0c1-7c00-7a01-8c11-000000000001";

  @Test
  void authenticationThenPermissionThenSyntaxThenIdempotency() {
    Scene scene = Scene.with(10);
    refused(scene.service.anonymous().post("/internal/credit", "["), 401, "unauthenticated");
    refused(scene.quest.post("/internal/credit", "["), 403, "operation_not_allowed");
    Map<String, Object> debit = scene.moving(2);
    done(scene.quest.post("/internal/debit", debit));
    refused(
        scene.quest.post("/internal/debit", Scene.with(debit, "amount", 0)),
        400,
        "invalid_request");
    refused(
        scene.quest.post("/internal/debit", Scene.with(debit, "metadata", "x")),
        400,
        "invalid_request");
    refused(scene.connect.post("/internal/debit", debit), 403, "operation_not_allowed");
  }

  @Test
  void idempotencyBeforeAllThatTheLedgerSays() {
    Scene scene = Scene.with(100);
    Map<String, Object> debit = scene.moving(60);
    Answer first = done(scene.quest.post("/internal/debit", debit));
    Answer hold = scene.hold(10);
    Answer theirs = done(scene.rielt.post("/internal/hold", scene.moving(10)));
    Map<String, Object> capture = onHold(hold);
    Answer captured = done(scene.quest.post("/internal/capture", capture));
    Map<String, Object> refund = onTransaction(first);
    Answer refunded = done(scene.quest.post("/internal/refund", refund));
    scene.debit(75);
    scene.freeze();
    replayed(first, scene.quest.post("/internal/debit", debit));
    replayed(captured, scene.quest.post("/internal/capture", capture));
    replayed(refunded, scene.quest.post("/internal/refund", refund));
    String used = captured.text("external_id");
    for (String other : List.of(NOBODY, theirs.text("hold/hold_id"))) {
      refused(
          scene.quest.post(
              "/internal/capture", body("hold_id", other, "external_id", used, "amount", 1000)),
          409,
          "external_id_conflict");
    }
    refused(
        scene.quest.post("/internal/debit", Scene.with(debit, "amount", 61)),
        409,
        "external_id_conflict");
  }

  @Test
  void ownershipBeforeHoldStateAccountStateAndAmounts() {
    Scene scene = Scene.with(100);
    Answer ended = scene.hold(10);
    scene.release(ended);
    Answer active = scene.hold(10);
    Answer debit = scene.debit(10);
    refused(scene.rielt.post("/internal/capture", onHold(ended)), 403, "not_owner");
    refused(scene.rielt.post("/internal/release", onHold(ended)), 403, "not_owner");
    Map<String, Object> tooMuch = Scene.with(onHold(active), "amount", 11);
    refused(scene.rielt.post("/internal/capture", tooMuch), 403, "not_owner");
    Map<String, Object> refund = Scene.with(onTransaction(debit), "amount", 11);
    refused(scene.rielt.post("/internal/refund", refund), 403, "not_owner");
    scene.freeze();
    refused(scene.rielt.post("/internal/capture", tooMuch), 403, "not_owner");
    refused(scene.rielt.post("/internal/capture", onHold(ended)), 403, "not_owner");
    refused(scene.rielt.post("/internal/refund", refund), 403, "not_owner");
  }

  @Test
  void holdStateBeforeAccountStateBeforeAmounts() {
    Scene scene = Scene.with(100);
    Answer ended = scene.hold(10);
    scene.release(ended);
    Answer active = scene.hold(10);
    refused(
        scene.quest.post("/internal/capture", Scene.with(onHold(ended), "amount", 11)),
        422,
        "hold_not_active");
    scene.freeze();
    refused(scene.quest.post("/internal/capture", onHold(ended)), 422, "hold_not_active");
    refused(
        scene.quest.post("/internal/capture", Scene.with(onHold(active), "amount", 11)),
        422,
        "account_frozen");
    refused(scene.quest.post("/internal/debit", scene.moving(1000)), 422, "account_frozen");
    refused(scene.quest.post("/internal/hold", scene.moving(1000)), 422, "account_frozen");
  }
}
