package points.service.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.openapi.contract.OpenAPIVersion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The document itself: well formed, complete, closed, and true to its own examples. */
class OpenApiTest {
  private static final OpenApi API = OpenApi.points();

  /** Building blocks of closed schemas, and what callers fill as they like. */
  private static final Set<String> OPEN =
      Set.of("Posted", "TransactionFields", "HoldFields", "Problem", "Metadata");

  private static final Set<String> PERMISSIONS =
      Set.of(
          "credit",
          "debit",
          "hold",
          "capture",
          "release",
          "refund",
          "reverse",
          "batch",
          "read",
          "admin",
          "me",
          "authenticated",
          "anyone");

  static Stream<Operation> operations() {
    return API.operations().stream();
  }

  /**
   * By the OpenAPI Initiative's own schema of documents, and a validator that the harness does not
   * use. Vert.x's {@code OpenAPIContract} would go further, but knows no {@code problem+json}.
   */
  @Test
  void itIsOpenApi31() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      JsonObject document = new JsonObject(API.root().node().toString());
      assertThat(OpenAPIVersion.fromContract(document)).isEqualTo(OpenAPIVersion.V3_1);
      assertThat(isOpenApi31(vertx, document)).isTrue();
      document.getJsonObject("paths").getJsonObject("/internal/credit").put("verb", "credit");
      assertThat(isOpenApi31(vertx, document)).isFalse();
    } finally {
      await(vertx.close());
    }
  }

  private static boolean isOpenApi31(Vertx vertx, JsonObject document) throws Exception {
    SchemaRepository schemas =
        await(OpenAPIVersion.V3_1.getRepository(vertx, "https://points.invalid/"));
    return await(OpenAPIVersion.V3_1.validateContract(vertx, schemas, document)).getValid();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  void everyReferenceLeadsSomewhereAndEveryComponentIsUsed() {
    Set<String> references = new HashSet<>();
    API.root().node().findValuesAsText("$ref", new ArrayList<>()).forEach(references::add);
    for (String reference : references) {
      assertThat(API.root().node().at(reference.substring(1)).isMissingNode())
          .as(reference)
          .isFalse();
    }
    // What answers outside the documented paths is named by the harness alone.
    references.add("#/components/responses/MethodNotAllowed");
    references.add("#/components/securitySchemes/bearer");
    for (var group : API.root().at("components").members()) {
      for (var component : group.getValue().members()) {
        assertThat(references)
            .contains("#/components/" + group.getKey() + "/" + component.getKey());
      }
    }
  }

  @Test
  void operationIdsAreUnique() {
    assertThat(API.operations())
        .extracting(Operation::id)
        .doesNotContain("")
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyOperationSaysWhoMayAndShowsAnExample(Operation operation) {
    assertThat(operation.permission()).isIn(PERMISSIONS);
    assertThat(operation.requiredParameters()).allMatch(p -> p.example().isPresent());
    assertThat(operation.exampleBody().isPresent()).isEqualTo(operation.method().equals("POST"));
    for (int status : new int[] {200, 201}) {
      for (var media : operation.response(status).at("content").members()) {
        if (media.getValue().at("schema").exists()) {
          assertThat(Operation.examples(media.getValue())).as(media.getKey()).isNotEmpty();
        }
      }
    }
    assertThat(operation.response(200).exists()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void whatNeedsCredentialsCanBeRefusedForWantOfThem(Operation operation) {
    boolean needsCredentials = !operation.isOpen();
    assertThat(operation.response(401).exists()).isEqualTo(needsCredentials);
    assertThat(operation.response(403).exists()).isEqualTo(needsCredentials);
    assertThat(operation.place().at("security").exists()).isEqualTo(operation.isOpen());
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyExampleConformsToItsOwnSchema(Operation operation) {
    List<String> faults = new ArrayList<>();
    check(operation.place().at("requestBody"), faults);
    operation.place().at("responses").members().forEach(r -> check(r.getValue(), faults));
    for (Operation.Parameter parameter : operation.parameters()) {
      parameter
          .example()
          .ifPresent(e -> faults.addAll(API.faults(parameter.schema(), TextNode.valueOf(e))));
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void examplesOfSharedAnswersConformToo() {
    List<String> faults = new ArrayList<>();
    API.root().at("components", "responses").members().forEach(r -> check(r.getValue(), faults));
    assertThat(faults).isEmpty();
  }

  private static void check(Place message, List<String> faults) {
    for (Map.Entry<String, Place> media : message.at("content").members()) {
      for (JsonNode example : Operation.examples(media.getValue()).toList()) {
        List<String> found = new ArrayList<>(API.faults(media.getValue().at("schema"), example));
        found.addAll(Sums.faults(example));
        found.forEach(fault -> faults.add(media.getValue().pointer() + " " + fault));
      }
    }
  }

  @Test
  void everyAnswerNamesItsRequest() {
    for (Operation operation : API.operations()) {
      for (var response : operation.place().at("responses").members()) {
        assertThat(response.getValue().at("headers", "X-Request-Id").exists())
            .as(operation + " " + response.getKey())
            .isTrue();
      }
    }
  }

  @Test
  void everyErrorIsAProblem() {
    for (Operation operation : API.operations()) {
      for (var response : operation.place().at("responses").members()) {
        boolean isError = response.getKey().compareTo("400") >= 0;
        assertThat(response.getValue().at("content", "application/problem+json").exists())
            .as(operation + " " + response.getKey())
            .isEqualTo(isError);
      }
    }
  }

  @Test
  void objectsAreClosed() {
    for (var schema : API.root().at("components", "schemas").members()) {
      JsonNode node = schema.getValue().node();
      boolean isObject =
          node.path("type").asText().equals("object")
              || node.has("properties")
              || node.has("allOf");
      if (isObject && !OPEN.contains(schema.getKey())) {
        assertThat(isClosed(node)).as(schema.getKey()).isTrue();
      }
    }
  }

  private static boolean isClosed(JsonNode schema) {
    return Stream.of("additionalProperties", "unevaluatedProperties")
        .anyMatch(word -> schema.has(word) && !schema.path(word).asBoolean(true));
  }

  @Test
  void theCodesAreThoseOfTheContract() {
    assertThat(API.codes())
        .containsExactlyInAnyOrder(
            "invalid_request",
            "unauthenticated",
            "operation_not_allowed",
            "not_owner",
            "hold_not_found",
            "transaction_not_found",
            "not_found",
            "method_not_allowed",
            "too_large",
            "unsupported_media_type",
            "external_id_conflict",
            "insufficient_points",
            "hold_not_active",
            "capture_exceeds_hold",
            "refund_exceeds_charge",
            "already_reversed",
            "account_frozen",
            "balance_limit",
            "limit_exceeded",
            "rate_limited",
            "overloaded",
            "unavailable");
  }

  @ParameterizedTest
  @MethodSource("points.service.contract.Call#everyOperation")
  void generatedCallsAreRightInForm(Call call) {
    assertThat(API.operation(call.method(), call.path().split("\\?", 2)[0]))
        .contains(call.operation());
    if (call.body() != null) {
      assertThat(API.faults(call.operation().requestSchema(), read(call.body()))).isEmpty();
    }
  }

  private static JsonNode read(String json) {
    try {
      return Json.read(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
