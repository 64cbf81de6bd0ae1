package points.service.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a call must have been like to be let through. */
final class CallRules {
  private CallRules() {}

  static List<String> faults(OpenApi api, Operation operation, Exchange exchange) {
    List<String> faults = new ArrayList<>(body(api, operation, exchange.requestBody()));
    // A prober may add whatever it likes to /health/live.
    if (!operation.isOpen()) {
      faults.addAll(query(api, operation, exchange.query()));
    }
    return faults;
  }

  private static List<String> body(OpenApi api, Operation operation, @Nullable String body) {
    // A batch lets bad items through on purpose: each gets its own 400.
    if (!operation.requestSchema().exists() || operation.id().equals("batch")) {
      return List.of();
    }
    try {
      return api.faults(operation.requestSchema(), Json.read(body == null ? "" : body)).stream()
          .map(fault -> "should have been refused: the request's " + fault)
          .toList();
    } catch (JsonProcessingException e) {
      return List.of("should have been refused: the request is not JSON");
    }
  }

  private static List<String> query(OpenApi api, Operation operation, String query) {
    List<String> faults = new ArrayList<>();
    for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      String[] halves = pair.split("=", 2);
      String name = decode(halves[0]);
      String value = halves.length == 2 ? decode(halves[1]) : "";
      Optional<Operation.Parameter> parameter =
          operation.parameters().stream()
              .filter(p -> p.in().equals("query") && p.name().equals(name))
              .findFirst();
      if (parameter.isEmpty()) {
        faults.add("should have been refused: no such parameter: " + name);
      } else {
        Place schema = parameter.get().schema();
        api.faults(schema, value(schema, value))
            .forEach(fault -> faults.add("should have been refused: parameter " + name + fault));
      }
    }
    return faults;
  }

  private static JsonNode value(Place schema, String text) {
    boolean isInteger = schema.node().path("type").asText().equals("integer");
    return isInteger && text.matches("-?[0-9]{1,18}")
        ? LongNode.valueOf(Long.parseLong(text))
        : TextNode.valueOf(text);
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
