package points.service;

import static org.assertj.core.api.Assertions.assertThat;
import static points.service.Scene.body;
import static points.service.Scene.done;
import static points.service.Scene.id;
import static points.service.Scene.onHold;
import static points.service.Scene.onTransaction;
import static points.service.Scene.refused;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import points.service.contract.Answer;
import points.service.contract.ApiClient;

/** An external id means one request: a differing one is told what differs. */
class ConflictTest {
  private static final String NOBODY = "0192f0c1-7c00-7a01-8c11-000000000001";

  @Test
  void aConflictNamesWhatDiffersInACredit() {
    Scene scene = Scene.fresh();
    String key = id();
    Map<String, Object> first = Scene.with(scene.moving(5), "external_id", key);
    first.put("available_at", "2090-01-01T00:00:00Z");
    first.put("expires_at", "2091-01-01T00:00:00Z");
    String made = done(scene.connect.post("/internal/credit", first)).text("transaction_id");
    Map<String, Object> others =
        body(
            "account",
            "user:" + id(),
            "amount",
            6,
            "available_at",
            "2090-01-01T00:00:01Z",
            "expires_at",
            "2091-01-01T00:00:01Z");
    others.forEach(
        (name, value) ->
            conflict(scene.connect, "credit", Scene.with(first, name, value), made, name));
    Map<String, Object> all = Scene.with(first, "amount", 6);
    all.putAll(others);
    conflict(scene.connect, "credit", all, made, "account", "amount", "expires_at", "available_at");
    Map<String, Object> plain = Scene.with(first, "reason", "other");
    plain.put("metadata", Map.of("other", true));
    assertThat(scene.connect.post("/internal/credit", plain).isReplay()).isTrue();
    plain.remove("available_at");
    plain.remove("expires_at");
    conflict(scene.connect, "credit", plain, made, "expires_at", "available_at");
    Map<String, Object> reverse = Scene.body("transaction_id", made, "external_id", key);
    Answer verb =
        refused(scene.connect.post("/internal/reverse", reverse), 409, "external_id_conflict");
    assertThat(verb.member("differing").toString()).contains("\"verb\"");
    assertThat(scene.balance().path("pending").asLong()).isEqualTo(5);
  }

  @Test
  void aConflictNamesWhatDiffersInAHoldAndItsEnd() {
    Scene scene = Scene.with(100);
    Map<String, Object> hold = Scene.with(scene.moving(10), "expires_in", 100);
    Answer held = done(scene.quest.post("/internal/hold", hold));
    String made = held.text("transaction_id");
    conflict(scene.quest, "hold", Scene.with(hold, "expires_in", 101), made, "expires_in");
    conflict(scene.quest, "hold", Scene.with(hold, "amount", 11), made, "amount");
    conflict(scene.quest, "hold", Scene.with(hold, "account", "user:" + id()), made, "account");
    Map<String, Object> verb = Scene.with(hold, "amount", 10);
    verb.remove("expires_in");
    conflict(scene.quest, "debit", verb, made, "verb", "expires_in");

    Map<String, Object> capture = Scene.with(Scene.with(onHold(held), "amount", 3), "final", false);
    String captured = done(scene.quest.post("/internal/capture", capture)).text("transaction_id");
    conflict(scene.quest, "capture", Scene.with(capture, "amount", 4), captured, "amount");
    conflict(scene.quest, "capture", Scene.with(capture, "final", true), captured, "final");
    conflict(scene.quest, "capture", Scene.with(capture, "hold_id", NOBODY), captured, "hold_id");
    Map<String, Object> release = onHold(held);
    String released = done(scene.quest.post("/internal/release", release)).text("transaction_id");
    conflict(scene.quest, "release", Scene.with(release, "hold_id", NOBODY), released, "hold_id");
    Map<String, Object> refund = body("transaction_id", captured, "external_id", id(), "amount", 1);
    String refunded = done(scene.quest.post("/internal/refund", refund)).text("transaction_id");
    conflict(scene.quest, "refund", Scene.with(refund, "amount", 2), refunded, "amount");
    conflict(
        scene.quest,
        "refund",
        Scene.with(refund, "transaction_id", NOBODY),
        refunded,
        "transaction_id");
  }

  @Test
  void aConflictNamesWhatDiffersInAReverse() {
    Scene scene = Scene.fresh();
    Map<String, Object> reverse = Scene.with(onTransaction(scene.credit(10)), "amount", 3);
    String made = done(scene.connect.post("/internal/reverse", reverse)).text("transaction_id");
    conflict(scene.connect, "reverse", Scene.with(reverse, "amount", 4), made, "amount");
    conflict(scene.connect, "reverse", Scene.with(reverse, "policy", "debt"), made, "policy");
    conflict(
        scene.connect,
        "reverse",
        Scene.with(reverse, "transaction_id", NOBODY),
        made,
        "transaction_id");
    assertThat(
            scene
                .connect
                .post("/internal/reverse", Scene.with(reverse, "policy", "reject"))
                .isReplay())
        .as("the default said in words is the same")
        .isTrue();
  }

  @Test
  void aConflictWithARefusalHasNoTransaction() {
    Scene scene = Scene.with(1);
    Map<String, Object> debit = scene.moving(2);
    refused(scene.quest.post("/internal/debit", debit), 422, "insufficient_points");
    Answer answer =
        refused(
            scene.quest.post("/internal/debit", Scene.with(debit, "amount", 1)),
            409,
            "external_id_conflict");
    assertThat(answer.member("differing").toString()).isEqualTo("[\"amount\"]");
    assertThat(answer.json().has("transaction_id")).isFalse();
    assertThat(scene.available()).isEqualTo(1);
  }

  @Test
  void sourcesDoNotShareIds() {
    Scene scene = Scene.with(10);
    Map<String, Object> debit = scene.moving(2);
    assertThat(scene.quest.post("/internal/debit", debit).status()).isEqualTo(201);
    assertThat(scene.rielt.post("/internal/debit", debit).status()).isEqualTo(201);
    assertThat(scene.available()).isEqualTo(6);
  }

  private static void conflict(
      ApiClient client, String verb, Map<String, Object> body, String made, String... differing) {
    Answer answer = refused(client.post("/internal/" + verb, body), 409, "external_id_conflict");
    List<String> names = new ArrayList<>();
    answer.member("differing").forEach(name -> names.add(name.asText()));
    assertThat(names).containsExactlyInAnyOrder(differing);
    assertThat(answer.text("transaction_id")).isEqualTo(made);
    assertThat(answer.isReplay()).isFalse();
  }
}
