package points.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import points.service.contract.Answer;
import points.service.contract.ApiClient;
import points.service.contract.Call;

/**
 * Every operation of the contract by every caller: only what the policy lists passes. The
 * expectation comes from the document's {@code x-permission} and the policy of the contract, not
 * from the service.
 */
class AuthorizationMatrixTest {
  private static final TestService SERVICE = TestService.shared();
  private static final Set<String> BUYING =
      Set.of("debit", "hold", "capture", "release", "refund", "read");
  private static final Set<String> VERBS =
      Set.of("credit", "debit", "hold", "capture", "release", "refund", "reverse");

  /** What each source may do by the default policy of the contract. */
  private static final Map<String, Set<String>> POLICY =
      Map.of(
          "connect", Set.of("credit", "reverse", "read"),
          "quest", BUYING,
          "voucher", BUYING,
          "rielt", BUYING,
          "admin", Set.of("admin", "read"));

  private static Stream<Arguments> everyOperationByEverySource() {
    return POLICY.keySet().stream()
        .sorted()
        .flatMap(source -> Call.everyOperation().map(call -> Arguments.of(source, call)));
  }

  private static Stream<Arguments> everyOperationWithoutCredentials() {
    return Stream.of(
            "garbage", "", "pk_connect_", "pk_connect_" + "A".repeat(43), "a.b.c", "x".repeat(4000))
        .flatMap(token -> Call.everyOperation().map(call -> Arguments.of(token, call)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("everyOperationByEverySource")
  void aSourceMayDoWhatThePolicyListsAndNothingElse(String source, Call call) {
    Answer answer = SERVICE.as(source).send(call);
    if (may(source, call.permission())) {
      assertPermitted(answer);
    } else {
      assertThat(answer.status()).as(answer.text()).isEqualTo(403);
      assertThat(answer.code()).isEqualTo("operation_not_allowed");
    }
  }

  @ParameterizedTest(name = "{1} with {0}")
  @MethodSource("everyOperationWithoutCredentials")
  void aBearerThatNobodyIssuedOpensNothing(String token, Call call) {
    ApiClient client = SERVICE.anonymous();
    Answer answer = (token.isEmpty() ? client : client.as(token)).send(call);
    if (call.permission().equals("anyone")) {
      assertPermitted(answer);
    } else {
      assertUnauthenticated(answer);
    }
  }

  @Test
  void aRightKeyUnderAnotherSchemeOpensNothing() throws Exception {
    String key = SERVICE.key("connect");
    for (String header :
        List.of("Basic " + key, key, "Bearer", "Bearer" + key, "Token " + key, "Bearer  x" + key)) {
      for (Call call : Call.everyOperation().toList()) {
        int expected = call.permission().equals("anyone") ? 0 : 401;
        int status = raw(call, header);
        if (expected == 0) {
          assertThat(status).as(header + " " + call).isNotIn(401, 403);
        } else {
          assertThat(status).as(header + " " + call).isEqualTo(401);
        }
      }
    }
  }

  @Test
  void aRevokedKeyOpensNothingAndTheOtherKeyOfItsSourceStillDoes() throws SQLException {
    // A service of its own: the shared one does not show its keys.
    try (TestService own =
        TestService.start(
            points.kit.TestPostgres.shared().newDatabase(), Map.of("sandbox", "true"))) {
      String old = own.key("connect");
      String other = own.rotate("connect");
      assertThat(own.anonymous().as(old).get("/internal/events").status()).isEqualTo(200);
      own.revoke(old);
      for (Call call : Call.everyOperation().toList()) {
        Answer answer = own.anonymous().as(old).send(call);
        if (call.permission().equals("anyone")) {
          assertPermitted(answer);
        } else {
          assertUnauthenticated(answer);
        }
      }
      assertThat(own.anonymous().as(other).get("/internal/events").status()).isEqualTo(200);
    }
  }

  @Test
  void whoBuysMayNotCreditAndNothingIsCredited() {
    for (String source : List.of("quest", "voucher", "rielt", "admin")) {
      String account = "user:matrix-" + UUID.randomUUID();
      for (String verb : List.of("credit", "reverse")) {
        Map<String, Object> body =
            verb.equals("credit")
                ? Map.of("account", account, "amount", 5, "external_id", "m1", "reason", "theft")
                : Map.of("transaction_id", UUID.randomUUID().toString(), "external_id", "m2");
        Answer answer = SERVICE.as(source).post("/internal/" + verb, body);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.code()).isEqualTo("operation_not_allowed");
      }
      assertThat(
              SERVICE
                  .as("connect")
                  .get("/internal/accounts/" + account + "/balance")
                  .number("total"))
          .isZero();
    }
  }

  @Test
  void anItemOfABatchIsHeldToItsOwnVerb() {
    for (String source : List.of("connect", "quest", "voucher", "rielt")) {
      List<Map<String, Object>> items = new ArrayList<>();
      List<String> verbs = VERBS.stream().sorted().toList();
      for (String verb : verbs) {
        items.add(item(verb));
      }
      Answer answer = SERVICE.as(source).post("/internal/batch", Map.of("operations", items));
      assertThat(answer.status()).isEqualTo(200);
      for (int i = 0; i < verbs.size(); i++) {
        JsonNode result = answer.member("results/" + i);
        String code = result.path("body").path("code").asText("");
        if (may(source, verbs.get(i))) {
          assertThat(result.path("status").asInt()).as(result.toString()).isNotIn(401, 403);
        } else {
          assertThat(result.path("status").asInt()).as(result.toString()).isEqualTo(403);
          assertThat(code).isEqualTo("operation_not_allowed");
        }
      }
    }
  }

  private static Map<String, Object> item(String verb) {
    String externalId = "matrix-" + UUID.randomUUID();
    return switch (verb) {
      case "credit", "debit", "hold" ->
          Map.of(
              "op",
              verb,
              "account",
              "user:" + externalId,
              "amount",
              3,
              "external_id",
              externalId,
              "reason",
              "matrix");
      case "capture", "release" ->
          Map.of("op", verb, "hold_id", UUID.randomUUID().toString(), "external_id", externalId);
      default ->
          Map.of(
              "op", verb,
              "transaction_id", UUID.randomUUID().toString(),
              "external_id", externalId);
    };
  }

  private static boolean may(String source, String permission) {
    Set<String> granted = POLICY.getOrDefault(source, Set.of());
    return switch (permission) {
      case "anyone", "authenticated" -> true;
      case "batch" -> granted.stream().anyMatch(VERBS::contains);
      // A member's own token; no service is a member.
      case "me" -> false;
      default -> granted.contains(permission);
    };
  }

  private static void assertPermitted(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isNotEqualTo(401);
    assertThat(answer.code()).as(answer.text()).isNotEqualTo("operation_not_allowed");
  }

  private static void assertUnauthenticated(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(401);
    assertThat(answer.code()).isEqualTo("unauthenticated");
    assertThat(answer.header("WWW-Authenticate")).isPresent();
  }

  private static int raw(Call call, String authorization) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(SERVICE.url() + call.path()))
            .header("Authorization", authorization);
    if (call.body() == null) {
      request.method(call.method(), HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(call.method(), HttpRequest.BodyPublishers.ofString(call.body()));
    }
    return RAW.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private static final HttpClient RAW =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
}
