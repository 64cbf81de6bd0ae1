package points.service.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Holds an answer to the OpenAPI document: its status, media type, headers and body must be among
 * what is written there for that call. And a call that succeeded must have been one that the
 * document allows, so that a service which is too lenient is found out as well.
 */
public final class Conformance {
  private Conformance() {}

  /**
   * Fails unless the document allows this answer to this call.
   *
   * @throws AssertionError saying what is wrong, and showing the exchange
   */
  public static void check(Exchange exchange) {
    check(OpenApi.points(), exchange);
  }

  /** The same for another service's document. */
  static void check(OpenApi api, Exchange exchange) {
    List<String> faults = faults(api, exchange);
    if (!faults.isEmpty()) {
      throw new AssertionError(
          "not what the OpenAPI document allows:\n- "
              + String.join("\n- ", faults)
              + "\n"
              + exchange);
    }
  }

  /** What the document does not allow about this answer; empty if it is fine. */
  public static List<String> faults(Exchange exchange) {
    return faults(OpenApi.points(), exchange);
  }

  /** The same for another service's document. */
  public static List<String> faults(OpenApi api, Exchange exchange) {
    Optional<Operation> operation = api.operation(exchange.method(), exchange.pathOnly());
    if (operation.isEmpty()) {
      return nowhere(api, exchange);
    }
    Place response = operation.get().response(exchange.status());
    if (!response.exists()) {
      return List.of("status " + exchange.status() + " is not documented for " + operation.get());
    }
    List<String> faults = new ArrayList<>(AnswerRules.faults(api, response, exchange));
    if (exchange.status() < 300) {
      faults.addAll(CallRules.faults(api, operation.get(), exchange));
    }
    return faults;
  }

  /** A path or method that is not documented has exactly one right answer. */
  private static List<String> nowhere(OpenApi api, Exchange exchange) {
    boolean pathIsKnown = !api.at(exchange.pathOnly()).isEmpty();
    int status = pathIsKnown ? 405 : 404;
    if (exchange.status() != status) {
      return List.of(
          "not in the document, so " + status + " was due instead of " + exchange.status());
    }
    String name = pathIsKnown ? "MethodNotAllowed" : "NotFound";
    return AnswerRules.faults(api, api.root().at("components", "responses", name), exchange);
  }
}
