package points.service.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the service answered.
 *
 * @param text the body as it came
 * @param json the body, or a missing node if it is not JSON
 */
public record Answer(int status, Map<String, List<String>> headers, String text, JsonNode json) {
  static Answer of(Exchange exchange) {
    JsonNode json = MissingNode.getInstance();
    if (exchange.mediaType().endsWith("json") && !exchange.body().isEmpty()) {
      try {
        json = Json.read(exchange.body());
      } catch (JsonProcessingException e) {
        throw new AssertionError("not JSON: " + exchange, e);
      }
    }
    return new Answer(exchange.status(), exchange.headers(), exchange.body(), json);
  }

  /** The first value of a header, in whatever case. */
  public Optional<String> header(String name) {
    return headers.getOrDefault(name, List.of()).stream().findFirst();
  }

  /** The error's code; empty if it is none. */
  public String code() {
    return json.path("code").asText("");
  }

  /** Whether this is the answer of an earlier call with the same external id. */
  public boolean isReplay() {
    return header("Idempotent-Replay").isPresent();
  }

  /** A text member of the body, for example {@code transaction_id}. */
  public String text(String name) {
    return member(name).asText();
  }

  /** A number among the body's members, for example {@code amount}. */
  public long number(String name) {
    return member(name).asLong();
  }

  /** A member by its path, for example {@code hold/hold_id}; it must be there. */
  public JsonNode member(String path) {
    JsonNode member = json.at("/" + path);
    if (member.isMissingNode()) {
      throw new AssertionError("no " + path + " in " + status + " " + text);
    }
    return member;
  }
}
