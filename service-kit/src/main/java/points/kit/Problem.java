package points.kit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An error as callers see it: the body of RFC 9457. Immutable.
 *
 * @param error which entry of the catalogue
 * @param detail what happened this time, for a person; never a secret, a stack or a stranger's text
 *     in full
 * @param extensions further members, in order; values that Jackson can write
 * @param retryAfter what {@code Retry-After} says (whole seconds, at least one); zero for no header
 */
public record Problem(
    ErrorCode error, String detail, Map<String, Object> extensions, Duration retryAfter) {

  static final String MEDIA_TYPE = "application/problem+json";
  private static final Duration RETRY_SOON = Duration.ofSeconds(1);

  public Problem {
    extensions = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(extensions));
  }

  /** A problem without further members; a 429 or 503 invites to retry after a second. */
  public static Problem of(ErrorCode error, String detail) {
    boolean later = error.status() == 429 || error.status() == 503;
    return new Problem(error, detail, Map.of(), later ? RETRY_SOON : Duration.ZERO);
  }

  /** {@code invalid_request} with the errors as the member {@code errors}. */
  public static Problem invalid(List<FieldError> errors) {
    String first = errors.getFirst().field() + " " + errors.getFirst().message();
    String detail =
        errors.size() == 1 ? first : first + " (and " + (errors.size() - 1) + " more, see errors)";
    return of(CommonError.INVALID_REQUEST, detail).with("errors", List.copyOf(errors));
  }

  /** This problem with one more member. */
  public Problem with(String member, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(extensions);
    more.put(member, value);
    return new Problem(error, detail, more, retryAfter);
  }

  /** The members in the order of the RFC, then {@code code}, {@code request_id}, extensions. */
  public ObjectNode toNode(String requestId) {
    ObjectNode node = StrictJson.MAPPER.createObjectNode();
    node.put("type", "/docs/errors#" + error.code());
    node.put("title", error.title());
    node.put("status", error.status());
    node.put("detail", detail);
    node.put("code", error.code());
    node.put("request_id", requestId);
    extensions.forEach((name, value) -> node.set(name, StrictJson.MAPPER.valueToTree(value)));
    return node;
  }

  /** The body, {@code application/problem+json}, UTF-8. */
  public byte[] toJson(String requestId) {
    try {
      return StrictJson.MAPPER.writeValueAsBytes(toNode(requestId));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
