package points.service;

import static org.assertj.core.api.Assertions.assertThat;
import static points.service.Scene.id;
import static points.service.Scene.refused;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import points.service.contract.Answer;

/**
 * What is let in, to the byte; what is not is refused by the name of its field and does nothing.
 *
 * <p>What the tests of the several parts of a request have in common.
 */
abstract class StrictInput {
  final Scene scene = Scene.fresh();

  Scene funded() {
    scene.credit(10);
    return scene;
  }

  Answer metadata(String metadata) {
    return scene.connect.post("/internal/credit", credit("metadata", metadata));
  }

  /** A credit as JSON text, with that field set to that JSON text. */
  String credit(String field, String json) {
    Map<String, String> fields =
        Map.of(
            "account",
            quoted(scene.account),
            "amount",
            "5",
            "external_id",
            quoted(id()),
            "reason",
            "\"strict\"");
    return object(fields, field, json);
  }

  static String object(Map<String, String> fields, String field, String json) {
    List<String> members = new ArrayList<>();
    fields.forEach(
        (name, value) -> {
          if (!name.equals(field)) {
            members.add(quoted(name) + ":" + value);
          }
        });
    members.add(quoted(field) + ":" + json);
    return "{" + String.join(",", members) + "}";
  }

  static String quoted(String text) {
    return "\"" + text + "\"";
  }

  void badCredit(String named, String field, String json) {
    long before = scene.transactions();
    Answer answer = scene.connect.post("/internal/credit", credit(field, json));
    refused(answer, 400, "invalid_request");
    assertThat(answer.member("errors").findValuesAsText("field"))
        .as(answer.text())
        .allMatch(f -> f.equals(named) || f.startsWith(named + ".") || f.startsWith(named + "["))
        .isNotEmpty();
    assertThat(scene.transactions()).isEqualTo(before);
  }

  void badCreditSomewhere(String metadata) {
    badCredit("metadata", "metadata", metadata);
  }

  static void invalid(Answer answer, String field) {
    refused(answer, 400, "invalid_request");
    assertThat(answer.member("errors").findValuesAsText("field"))
        .as(answer.text())
        .containsOnly(field);
  }

  void nothingHappened() {
    assertThat(scene.transactions()).isZero();
    assertThat(scene.balance().path("total").asLong()).isZero();
  }
}
