package points.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import points.service.TestService;
import points.service.contract.Answer;
import points.service.contract.ApiClient;
import points.service.contract.Operation;

/** Every operation of the OpenAPI document, called by everybody: only who may gets through. */
class WhoMayTest {
  private static final TestConnect CONNECT =
      TestConnect.start(
          TestService.shared(),
          Map.of(
              "rules.folder",
              TestConnect.RULES.toString(),
              "auth.policy",
              ConnectSettings.POLICY.fallback() + "; badges=dispatch,read"));

  /** By the default policy and one dispatcher; whoever is not in it may do nothing. */
  private static final Map<String, Set<String>> POLICY =
      Map.of(
          "quest", Set.of("publish"),
          "voucher", Set.of("publish"),
          "rielt", Set.of("publish"),
          "referral", Set.of("publish"),
          "admin", Set.of("admin", "read"),
          "approver", Set.of("admin", "read"),
          "badges", Set.of("dispatch", "read"),
          "somebody", Set.of());

  @AfterAll
  static void stop() {
    CONNECT.close();
  }

  static Stream<Operation> operations() {
    return TestConnect.API.operations().stream();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void onlyWhoMayGetsThrough(Operation operation) {
    POLICY.forEach(
        (source, permissions) -> {
          Answer answer = call(CONNECT.person(source), operation);
          boolean may = operation.isOpen() || permissions.contains(operation.permission());
          // A publisher may publish, but not what the example is about.
          boolean isStranger = operation.permission().equals("publish") && !source.equals("quest");
          if (may && !isStranger) {
            assertThat(answer.status()).as(source + " " + answer.text()).isNotEqualTo(401);
            assertThat(answer.code()).as(source).isNotEqualTo("operation_not_allowed");
          } else {
            assertThat(answer.code()).as(source).isEqualTo("operation_not_allowed");
          }
        });
    int anonymous = call(CONNECT.stranger(), operation).status();
    int wrong = call(CONNECT.stranger().as("pk_wrong"), operation).status();
    assertThat(anonymous == 401 && wrong == 401).isEqualTo(!operation.isOpen());
  }

  private static Answer call(ApiClient client, Operation operation) {
    String path = operation.template();
    for (Operation.Parameter parameter : operation.requiredParameters()) {
      path = path.replace("{" + parameter.name() + "}", parameter.example().orElseThrow());
    }
    Object body = operation.exampleBody().orElse(null);
    return client.send(operation.method(), path, body);
  }

  @Test
  void whatElseIsThereIsNotFound() {
    ApiClient admin = CONNECT.person("admin");
    assertThat(admin.get("/nothing").status()).isEqualTo(404);
    assertThat(admin.send("DELETE", "/rules/x", null).status()).isEqualTo(405);
  }

  @Test
  void whatStandsIsInTheMetrics() {
    assertThat(CONNECT.stranger().get("/metrics").text())
        .contains("connect_actions_pending", "connect_letters_open", "connect_reversals_pending")
        .contains("connect_actions_oldest_seconds", "connect_actions_dead")
        .contains("connect_actions_refused", "connect_actions_waiting", "connect_reversals_failed");
  }
}
