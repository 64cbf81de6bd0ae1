package points.service;

import static org.assertj.core.api.Assertions.assertThat;
import static points.service.Scene.done;
import static points.service.Scene.id;
import static points.service.Scene.onHold;
import static points.service.Scene.onTransaction;
import static points.service.Scene.refused;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import points.kit.TestPostgres;
import points.service.contract.Answer;
import points.service.contract.ApiClient;
import points.service.contract.Json;

/** A batch is a list of calls, each decided on its own, in order. */
class BatchTest {
  private static final String NOBODY = "0192f0c1-7c00-7a01-8c11-000000000001";

  private final Scene scene = Scene.fresh();

  /** A bad item: what it must be answered. */
  private record Bad(int status, String code, Object item) {}

  @Test
  void itemsAreDoneInOrder() {
    scene.credit(10);
    Answer answer =
        batch(
            scene.quest,
            List.of(
                op("debit", scene.moving(6)),
                op("debit", scene.moving(6)),
                op("hold", scene.moving(4)),
                op("debit", scene.moving(1))));
    assertThat(statuses(answer)).containsExactly(201, 422, 201, 422);
    assertThat(answer.number("results/0/body/balance/available")).isEqualTo(4);
    assertThat(answer.number("results/1/body/available")).isEqualTo(4);
    assertThat(answer.number("results/2/body/balance/held")).isEqualTo(4);
    assertThat(answer.number("results/3/body/available")).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 49, 99})
  void aBadItemHarmsNoneOfItsNeighbours(int position) {
    for (Bad bad : badItems()) {
      Scene neighbours = Scene.with(99);
      List<Object> items = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        items.add(i == position ? bad.item() : op("debit", neighbours.moving(1)));
      }
      Answer answer = batch(scene.quest, items);
      for (int i = 0; i < 100; i++) {
        JsonNode result = answer.member("results/" + i);
        assertThat(result.path("status").asInt())
            .as(i + " beside " + bad.code() + ": " + result)
            .isEqualTo(i == position ? bad.status() : 201);
      }
      assertThat(answer.text("results/" + position + "/body/code")).isEqualTo(bad.code());
      assertThat(neighbours.available()).isZero();
    }
  }

  /** One of every class of error that an item can have; for quest. */
  private List<Bad> badItems() {
    Scene other = Scene.with(1000);
    Scene frozen = Scene.with(10);
    Answer frozenHold = frozen.hold(5);
    frozen.freeze();
    Answer theirs = done(other.rielt.post("/internal/hold", other.moving(5)));
    Answer ended = other.hold(5);
    other.release(ended);
    Answer active = other.hold(5);
    Map<String, Object> used = other.moving(3);
    done(other.quest.post("/internal/debit", used));
    Answer debit = other.debit(4);
    Map<String, Object> noAccount = op("debit", other.moving(1));
    noAccount.remove("account");
    List<Bad> bad = new ArrayList<>();
    bad.add(new Bad(400, "invalid_request", op("debit", Scene.with(other.moving(1), "amount", 0))));
    bad.add(new Bad(400, "invalid_request", op("debit", Scene.with(other.moving(1), "more", 1))));
    bad.add(new Bad(400, "invalid_request", noAccount));
    bad.add(new Bad(400, "invalid_request", op("nothing", other.moving(1))));
    bad.add(new Bad(400, "invalid_request", other.moving(1)));
    bad.add(new Bad(400, "invalid_request", Map.of()));
    bad.add(new Bad(400, "invalid_request", List.of()));
    bad.add(new Bad(400, "invalid_request", "debit"));
    bad.add(new Bad(400, "invalid_request", 5));
    bad.add(new Bad(403, "operation_not_allowed", op("credit", other.moving(1))));
    bad.add(new Bad(403, "operation_not_allowed", op("reverse", onTransaction(debit))));
    bad.add(new Bad(403, "not_owner", op("capture", onHold(theirs))));
    bad.add(
        new Bad(
            404, "hold_not_found", op("release", Scene.with(onHold(active), "hold_id", NOBODY))));
    bad.add(
        new Bad(
            404,
            "transaction_not_found",
            op("refund", Scene.with(onTransaction(debit), "transaction_id", NOBODY))));
    bad.add(new Bad(409, "external_id_conflict", op("debit", Scene.with(used, "amount", 4))));
    bad.add(new Bad(422, "insufficient_points", op("debit", other.moving(100_000))));
    bad.add(new Bad(422, "hold_not_active", op("capture", onHold(ended))));
    bad.add(
        new Bad(
            422, "capture_exceeds_hold", op("capture", Scene.with(onHold(active), "amount", 6))));
    bad.add(
        new Bad(
            422,
            "refund_exceeds_charge",
            op("refund", Scene.with(onTransaction(debit), "amount", 5))));
    bad.add(new Bad(422, "account_frozen", op("debit", frozen.moving(1))));
    bad.add(new Bad(422, "account_frozen", op("capture", onHold(frozenHold))));
    return bad;
  }

  @Test
  void anIdThatIsThereTwiceIsReplayedOrConflicts() {
    scene.credit(10);
    Map<String, Object> debit = scene.moving(2);
    Map<String, Object> refused = scene.moving(20);
    Answer answer =
        batch(
            scene.quest,
            List.of(
                op("debit", debit),
                op("debit", debit),
                op("debit", Scene.with(debit, "amount", 3)),
                op("hold", debit),
                op("debit", refused),
                op("debit", refused),
                op("debit", debit)));
    assertThat(statuses(answer)).containsExactly(201, 200, 409, 409, 422, 422, 200);
    String first = answer.member("results/0/body").toString();
    for (int replay : new int[] {1, 6}) {
      assertThat(answer.member("results/" + replay + "/body")).hasToString(first);
      assertThat(answer.member("results/" + replay + "/replay").asBoolean()).isTrue();
    }
    assertThat(answer.member("results/5/replay").asBoolean()).isTrue();
    assertThat(answer.member("results/5/body")).isEqualTo(answer.member("results/4/body"));
    assertThat(answer.member("results/2/body/differing").toString()).isEqualTo("[\"amount\"]");
    assertThat(answer.member("results/3/body/differing").toString()).contains("\"verb\"");
    assertThat(scene.available()).isEqualTo(8);
  }

  @Test
  void aWholeBatchAgainIsTheWholeAnswerAgain() {
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      items.add(op("credit", i % 3 == 0 ? scene.moving(5) : Scene.fresh().moving(5)));
    }
    items.add(op("credit", Scene.with(scene.moving(5), "amount", 0)));
    Answer first = batch(scene.connect, items);
    Answer again = batch(scene.connect, items);
    for (int i = 0; i < 30; i++) {
      assertThat(first.number("results/" + i + "/status")).isEqualTo(201);
      assertThat(again.number("results/" + i + "/status")).isEqualTo(200);
      assertThat(again.member("results/" + i + "/replay").asBoolean()).isTrue();
      assertThat(again.member("results/" + i + "/body"))
          .isEqualTo(first.member("results/" + i + "/body"));
    }
    assertThat(again.number("results/30/status")).isEqualTo(400);
    assertThat(scene.available()).isEqualTo(50);
    // And one by one they are the same, too.
    Map<String, Object> one =
        Scene.with(scene.moving(5), "external_id", first.text("results/0/body/external_id"));
    Answer alone = scene.connect.post("/internal/credit", one);
    assertThat(alone.isReplay()).isTrue();
    assertThat(alone.json()).isEqualTo(first.member("results/0/body"));
  }

  @Test
  void aThousandItemsFitAndNoMore() {
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      items.add(op("credit", scene.moving(1)));
    }
    Answer answer = batch(scene.connect, items);
    assertThat(statuses(answer)).hasSize(1000).containsOnly(201);
    for (int i = 0; i < 1000; i++) {
      assertThat(answer.number("results/" + i + "/body/balance/available")).isEqualTo(i + 1);
    }
    List<Object> more = new ArrayList<>();
    for (int i = 0; i < 1001; i++) {
      more.add(op("credit", scene.moving(1)));
    }
    wrong(Map.of("operations", more));
    assertThat(scene.available()).isEqualTo(1000);
  }

  @Test
  void whatIsNoBatchIsRefusedAsAWhole() {
    wrong(Map.of("operations", List.of()));
    wrong(Map.of("operations", Map.of()));
    wrong(Map.of("operations", "x"));
    wrong(Map.of());
    Answer unknown =
        scene.connect.post(
            "/internal/batch",
            Scene.body("operations", List.of(op("credit", scene.moving(1))), "atomic", true));
    refused(unknown, 400, "invalid_request");
    assertThat(unknown.member("errors").findValuesAsText("field")).containsExactly("atomic");
    for (String noJson :
        List.of(
            "{\"operations\":[{\"op\":\"credit\"},]}",
            "{\"operations\":[{\"op\":\"credit\"}],\"operations\":[{\"op\":\"credit\"}]}",
            "{\"operations\":[" + "[".repeat(2000) + "]".repeat(2000) + "]}")) {
      refused(scene.connect.post("/internal/batch", noJson), 400, "invalid_request");
    }
    assertThat(scene.available()).isZero();
  }

  /** What JSON allows and the contract does not is found while the body is read, item by item. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"metadata\":{\"a\":\"x\\u0000\"}",
        "\"metadata\":{\"\\u0000\":1}",
        "\"metadata\":{\"a\":\"\\ud800\"}",
        "\"metadata\":{\"a\":1,\"a\":2}",
        "\"metadata\":{\"a\":[[[\"\\udc00\"]]]}",
        "\"metadata\":{\"a\":1e401}",
        "\"amount\":5",
        "\"op\":\"debit\"",
        "\"n\":NINES",
        "\"n\":NINES.5",
        "\"metadata\":DEEP"
      })
  void anItemThatIsHardlyJsonHarmsNoneOfItsNeighbours(String more) {
    String bad =
        more.replace("NINES", "9".repeat(1200))
            .replace("DEEP", "{\"a\":".repeat(40) + "1" + "}".repeat(40));
    String item = Json.write(op("credit", scene.moving(5)));
    String text =
        "{\"operations\":["
            + Json.write(op("credit", scene.moving(5)))
            + ","
            + item.replaceFirst("\\}$", "," + bad.replace("\\", "\\\\") + "}")
            + ","
            + Json.write(op("credit", scene.moving(5)))
            + "]}";
    Answer answer = scene.connect.post("/internal/batch", text);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(statuses(answer)).containsExactly(201, 400, 201);
    assertThat(answer.text("results/1/body/code")).isEqualTo("invalid_request");
    assertThat(answer.member("results/1/body/errors")).as(answer.text()).hasSize(1);
    assertThat(answer.text("results/1/body/errors/0/field")).startsWith("operations[1]");
    assertThat(scene.available()).isEqualTo(10);
  }

  @Test
  void anItemIsBlamedForOneThingAlone() {
    Answer answer =
        batch(
            scene.connect,
            List.of("x", Map.of("op", "nothing", "account", 1), Map.of("amount", 5)));
    for (int i = 0; i < 3; i++) {
      assertThat(answer.member("results/" + i + "/body/errors")).as(answer.text()).hasSize(1);
    }
    assertThat(answer.text("results/0/body/errors/0/field")).isEqualTo("operations[0]");
    assertThat(answer.text("results/1/body/errors/0/field")).isEqualTo("operations[1].op");
    assertThat(answer.text("results/2/body/errors/0/message")).isEqualTo("is missing");
  }

  @Test
  void anItemsErrorNamesItsPlace() {
    Answer answer =
        batch(
            scene.connect,
            List.of(
                op("credit", scene.moving(1)),
                op("credit", Scene.with(scene.moving(1), "amount", "5"))));
    assertThat(answer.text("results/1/body/errors/0/field")).isEqualTo("operations[1].amount");
  }

  @Test
  void anItemThatIsToWaitIsToldHowLong() {
    try (TestService narrow =
        TestService.start(
            TestPostgres.shared().newDatabase(),
            Map.of("lanes.committers", "1", "lanes.queue", "1", "lanes.batch", "1"))) {
      Scene crowded = new Scene(narrow);
      List<Object> items = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        items.add(op("credit", crowded.moving(1)));
      }
      int waiting = 0;
      for (JsonNode result : batch(crowded.connect, items).member("results")) {
        boolean later = result.path("status").asInt() == 503;
        assertThat(result.path("retry_after").asInt(0))
            .as(result.toString())
            .isEqualTo(later ? 1 : 0);
        waiting += later ? 1 : 0;
      }
      assertThat(waiting).isPositive();
    }
  }

  @Test
  void anItemMayUseWhatAnEarlierCallMade() {
    scene.credit(10);
    Answer hold = scene.hold(6);
    String key = id();
    Answer answer =
        batch(
            scene.quest,
            List.of(
                op("capture", Scene.with(Scene.with(onHold(hold), "amount", 2), "final", false)),
                op(
                    "capture",
                    Scene.with(Scene.with(onHold(hold), "amount", 3), "external_id", key)),
                op("release", onHold(hold))));
    assertThat(statuses(answer)).containsExactly(201, 201, 422);
    assertThat(answer.text("results/1/body/hold/status")).isEqualTo("captured");
    assertThat(answer.number("results/1/body/hold/released")).isEqualTo(1);
    assertThat(scene.available()).isEqualTo(5);
  }

  private void wrong(Map<String, Object> body) {
    Answer answer = refused(scene.connect.post("/internal/batch", body), 400, "invalid_request");
    assertThat(answer.member("errors").findValuesAsText("field")).containsExactly("operations");
  }

  private static Map<String, Object> op(String verb, Map<String, Object> body) {
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("op", verb);
    item.putAll(body);
    return item;
  }

  private static Answer batch(ApiClient client, List<?> items) {
    Answer answer = client.post("/internal/batch", Map.of("operations", items));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.member("results").size()).isEqualTo(items.size());
    return answer;
  }

  private static List<Integer> statuses(Answer answer) {
    List<Integer> statuses = new ArrayList<>();
    answer.member("results").forEach(result -> statuses.add(result.path("status").asInt()));
    return statuses;
  }
}
