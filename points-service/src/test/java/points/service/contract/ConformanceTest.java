package points.service.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The harness has teeth: it lets right answers through, and no wrong ones. */
class ConformanceTest {
  private static final OpenApi API = OpenApi.points();
  private static final String DEBIT =
      """
      {"account":"user:42","amount":30,"external_id":"o-1","reason":"test"}""";

  @Test
  void rightAnswersPass() {
    assertThat(debit(201, posted(body -> {}))).isEmpty();
    assertThat(debit(200, posted(body -> {}), "Idempotent-Replay", "true")).isEmpty();
    assertThat(debit(422, problem("CannotSpend", body -> {}))).isEmpty();
    assertThat(debit(503, problem("Unavailable", body -> {}), "Retry-After", "1")).isEmpty();
  }

  @Test
  void wrongBodiesAreFound() {
    assertThat(debit(201, posted(body -> body.remove("balance"))))
        .anyMatch(f -> f.contains("balance"));
    assertThat(debit(201, posted(body -> body.put("seq", 1)))).anyMatch(f -> f.contains("seq"));
    assertThat(debit(201, posted(body -> body.put("amount", "30"))))
        .anyMatch(f -> f.contains("amount"));
    assertThat(debit(201, posted(body -> body.put("amount", 0))))
        .anyMatch(f -> f.contains("amount"));
    assertThat(debit(201, posted(body -> body.put("type", "credit"))))
        .anyMatch(f -> f.contains("type"));
    assertThat(debit(201, posted(body -> body.put("created_at", "2026-11-22 18:00")))).isNotEmpty();
    assertThat(debit(201, posted(body -> body.put("transaction_id", "17")))).isNotEmpty();
    assertThat(debit(201, "{\"transaction_id\":")).anyMatch(f -> f.contains("not JSON"));
    assertThat(debit(201, "{\"a\":1,\"a\":1}")).anyMatch(f -> f.contains("Duplicate"));
  }

  @Test
  void balancesThatDoNotAddUpAreFound() {
    assertThat(debit(201, posted(body -> ((ObjectNode) body.path("balance")).put("total", 1))))
        .anyMatch(f -> f.contains("total"));
  }

  @Test
  void wrongProblemsAreFound() {
    assertThat(debit(422, problem("CannotSpend", body -> body.put("code", "not_owner"))))
        .isNotEmpty();
    assertThat(debit(422, problem("CannotSpend", body -> body.remove("available")))).isNotEmpty();
    assertThat(debit(422, problem("CannotSpend", body -> body.remove("request_id")))).isNotEmpty();
    assertThat(debit(422, problem("CannotSpend", body -> body.put("trace", "at …")))).isNotEmpty();
    assertThat(debit(422, problem("CannotSpend", body -> body.put("status", 400)))).isNotEmpty();
    assertThat(debit(422, problem("HoldNotFound", body -> body.put("status", 422)))).isNotEmpty();
    assertThat(debit(403, problem("NotAllowedOrNotOwner", body -> {})))
        .as("a debit has no owner")
        .isNotEmpty();
  }

  @Test
  void undocumentedStatusesAreFound() {
    assertThat(debit(500, "{}")).singleElement().asString().contains("500");
    assertThat(debit(202, posted(body -> {}))).singleElement().asString().contains("202");
    assertThat(debit(404, problem("NotFound", body -> {})))
        .singleElement()
        .asString()
        .contains("404");
  }

  @Test
  void wrongHeadersAreFound() {
    assertThat(debit(200, posted(body -> {}))).anyMatch(f -> f.contains("Idempotent-Replay"));
    assertThat(debit(201, posted(body -> {}), "Idempotent-Replay", "true")).isNotEmpty();
    assertThat(debit(200, posted(body -> {}), "Idempotent-Replay", "yes")).isNotEmpty();
    assertThat(debit(503, problem("Unavailable", body -> {})))
        .anyMatch(f -> f.contains("Retry-After"));
    assertThat(debit(503, problem("Unavailable", body -> {}), "Retry-After", "soon")).isNotEmpty();
    assertThat(debit(201, posted(body -> {}), "x-request-id", "")).isNotEmpty();
    assertThat(debit(201, posted(body -> {}), "Content-Type", "application/problem+json"))
        .isNotEmpty();
    assertThat(debit(201, posted(body -> {}), "Content-Type", "application/json; charset=utf-8"))
        .isEmpty();
    Exchange anonymous =
        new Exchange("POST", "/internal/debit", DEBIT, 201, Map.of(), posted(body -> {}));
    assertThat(Conformance.faults(anonymous)).anyMatch(f -> f.contains("X-Request-Id"));
  }

  @Test
  void successOfACallThatShouldHaveBeenRefusedIsFound() {
    String posted = posted(body -> {});
    for (String body :
        List.of(
            DEBIT.replace("30", "\"30\""),
            DEBIT.replace("30", "0"),
            DEBIT.replace("\"reason\"", "\"why\""),
            DEBIT.replace("user:42", "user 42"),
            DEBIT.replace("{", "{\"amount\":30,"),
            DEBIT + "x",
            "")) {
      assertThat(Conformance.faults(exchange("POST", "/internal/debit", body, 201, posted)))
          .as(body)
          .anyMatch(f -> f.contains("should have been refused"));
    }
    String balance = example("getBalance", 200);
    String path = "/internal/accounts/user:42/balance";
    for (String query : List.of("?when=now", "?at=yesterday", "?at")) {
      assertThat(Conformance.faults(exchange("GET", path + query, null, 200, balance)))
          .as(query)
          .isNotEmpty();
    }
    assertThat(
            Conformance.faults(
                exchange("GET", path + "?at=2026-12-01T00%3A00:00Z", null, 200, balance)))
        .isEmpty();
    String page = example("listTransactions", 200);
    String list = "/internal/accounts/user:42/transactions?limit=";
    assertThat(Conformance.faults(exchange("GET", list + "200", null, 200, page))).isEmpty();
    assertThat(Conformance.faults(exchange("GET", list + "201", null, 200, page))).isNotEmpty();
  }

  @Test
  void whatIsOutsideTheDocumentHasOneAnswer() {
    String notFound = problem("NotFound", body -> {});
    assertThat(Conformance.faults(exchange("GET", "/internal/nothing", null, 404, notFound)))
        .isEmpty();
    assertThat(Conformance.faults(exchange("GET", "/internal/nothing", null, 200, "{}")))
        .isNotEmpty();
    assertThat(
            Conformance.faults(exchange("GET", "/internal/accounts//balance", null, 404, notFound)))
        .isEmpty();
    assertThat(
            Conformance.faults(
                exchange("GET", "/internal/nothing", null, 404, problem("HoldNotFound", b -> {}))))
        .isNotEmpty();
    String wrongMethod = problem("MethodNotAllowed", body -> {});
    assertThat(
            Conformance.faults(
                exchange("PUT", "/internal/debit", null, 405, wrongMethod, "Allow", "POST")))
        .isEmpty();
    assertThat(Conformance.faults(exchange("PUT", "/internal/debit", null, 405, wrongMethod)))
        .anyMatch(f -> f.contains("Allow"));
    assertThat(Conformance.faults(exchange("PUT", "/internal/debit", null, 404, notFound)))
        .isNotEmpty();
  }

  @Test
  void batchItemsAreHeldToTheirStatus() {
    String right = example("batch", 200);
    assertThat(batch(right)).isEmpty();
    assertThat(batch(right.replace("\"replay\":true,", ""))).as("200 is a replay").isNotEmpty();
    assertThat(batch(right.replace("\"status\":200,\"replay\"", "\"status\":201,\"replay\"")))
        .as("201 is none")
        .isNotEmpty();
    assertThat(batch(right.replace("\"available\":80,", ""))).isNotEmpty();
    assertThat(batch(right.replaceFirst("\"status\":422", "\"status\":409"))).isNotEmpty();
  }

  @Test
  void whatATransactionCarriesHangsOnItsType() {
    String right = example("getTransaction", 200);
    String path = "/internal/transactions/0192f0c1-7c00-7a01-8c11-000000000004";
    assertThat(Conformance.faults(exchange("GET", path, null, 200, right))).isEmpty();
    for (String type : List.of("credit", "refund", "reverse", "expire_lot", "nonsense")) {
      String wrong = right.replace("\"type\":\"capture\"", "\"type\":\"" + type + "\"");
      assertThat(Conformance.faults(exchange("GET", path, null, 200, wrong))).as(type).isNotEmpty();
    }
    String without = right.replaceFirst("\"hold\":\\{[^}]*},", "");
    assertThat(Conformance.faults(exchange("GET", path, null, 200, without))).isNotEmpty();
  }

  @Test
  void theMessageSaysWhatIsWrongAndShowsTheExchange() {
    Exchange wrong =
        exchange("POST", "/internal/debit", DEBIT, 201, posted(b -> b.remove("account")));
    assertThatThrownBy(() -> Conformance.check(wrong))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("POST /internal/debit → 201")
        .hasMessageContaining("'account'");
  }

  private static List<String> batch(String body) {
    return Conformance.faults(exchange("POST", "/internal/batch", "{}", 200, body));
  }

  private static List<String> debit(int status, String body, String... headers) {
    return Conformance.faults(exchange("POST", "/internal/debit", DEBIT, status, body, headers));
  }

  private static Exchange exchange(
      String method,
      String path,
      @Nullable String request,
      int status,
      String body,
      String... headers) {
    Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.put(
        "Content-Type", List.of(status < 400 ? "application/json" : "application/problem+json"));
    all.put("X-Request-Id", List.of("r-1"));
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], List.of(headers[i + 1]));
    }
    return new Exchange(method, path, request, status, all, body);
  }

  private static String example(String operation, int status) {
    return first(API.operation(operation).response(status), "application/json").toString();
  }

  private static String posted(Consumer<ObjectNode> edit) {
    ObjectNode body = first(API.operation("debit").response(201), "application/json").deepCopy();
    edit.accept(body);
    return body.toString();
  }

  private static String problem(String response, Consumer<ObjectNode> edit) {
    Place place = API.root().at("components", "responses", response);
    ObjectNode body = first(place, "application/problem+json").deepCopy();
    edit.accept(body);
    return body.toString();
  }

  private static JsonNode first(Place response, String mediaType) {
    return Operation.examples(response.at("content", mediaType)).findFirst().orElseThrow();
  }
}
