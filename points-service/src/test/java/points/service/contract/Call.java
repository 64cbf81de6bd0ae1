package points.service.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A call that is right in form: a caller who may make it gets anything but 401 or 403, one who may
 * not gets exactly one of them. It names an account, external ids, holds and transactions that
 * nobody else uses, so it disturbs no other test.
 *
 * @param path with its query
 */
public record Call(Operation operation, String path, @Nullable String body) {

  /** One such call for every operation of the document; other ones each time. */
  public static Stream<Call> everyOperation() {
    return OpenApi.points().operations().stream().map(Call::of);
  }

  /** A call of that operation. */
  public static Call of(Operation operation) {
    Map<String, String> fresh =
        Map.of(
            "account",
            "user:call-" + UUID.randomUUID(),
            "external_id",
            "call-" + UUID.randomUUID(),
            "hold_id",
            UUID.randomUUID().toString(),
            "transaction_id",
            UUID.randomUUID().toString());
    String body =
        operation
            .exampleBody()
            .map(example -> fresh(example.deepCopy(), fresh).toString())
            .orElse(null);
    return new Call(operation, path(operation, fresh), body);
  }

  /** The method. */
  public String method() {
    return operation.method();
  }

  /** Who may: the operation's {@code x-permission}. */
  public String permission() {
    return operation.permission();
  }

  @Override
  public String toString() {
    return operation.toString();
  }

  private static String path(Operation operation, Map<String, String> fresh) {
    String path = operation.template();
    StringBuilder query = new StringBuilder();
    for (Operation.Parameter parameter : operation.requiredParameters()) {
      String name = parameter.name();
      String value = fresh.getOrDefault(name, parameter.example().orElseThrow());
      if (parameter.in().equals("path")) {
        path = path.replace("{" + name + "}", value);
      } else {
        query.append(query.isEmpty() ? '?' : '&').append(name).append('=').append(value);
      }
    }
    return path + query;
  }

  private static JsonNode fresh(JsonNode body, Map<String, String> fresh) {
    if (body instanceof ObjectNode object) {
      fresh.forEach(
          (name, value) -> {
            if (object.has(name)) {
              object.put(name, value);
            }
          });
      // Only tells the time: moving the clock would disturb the other tests.
      if (object.has("advance_seconds")) {
        object.put("advance_seconds", 0);
      }
    }
    int count = 0;
    for (JsonNode item : body.path("operations")) {
      String externalId = fresh.getOrDefault("external_id", "") + "-" + count++;
      Map<String, String> own = new HashMap<>(fresh);
      own.put("external_id", externalId);
      fresh(item, own);
    }
    return body;
  }
}
