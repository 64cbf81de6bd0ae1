package points.trials;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.http.HttpResponse;

/**
 * What a service answered.
 *
 * @param body as JSON, or a missing node
 */
public record Reply(
    int status, boolean isReplay, boolean hasRetryAfter, String text, JsonNode body) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Reply of(HttpResponse<String> response) {
    JsonNode body;
    try {
      body = JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      body = MissingNode.getInstance();
    }
    return new Reply(
        response.statusCode(),
        response.headers().firstValue("Idempotent-Replay").isPresent(),
        response.headers().firstValue("Retry-After").isPresent(),
        response.body(),
        body);
  }

  /** Done, now or before. */
  public boolean isDone() {
    return status == 200 || status == 201;
  }

  /** The ledger said no. */
  public boolean isRefused() {
    return status == 422;
  }

  /** Nothing is known from it: the call has to be repeated. */
  public boolean isUnknown() {
    return (status == 503 || status == 429) && hasRetryAfter;
  }
}
