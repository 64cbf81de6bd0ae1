package points.kit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a handler answers. Immutable, as long as nobody writes to the body.
 *
 * @param status 200 to 599
 * @param contentType of the body
 * @param body whole; this server does not stream
 * @param headers further ones, in order
 */
public record Answer(int status, String contentType, Buffer body, List<Header> headers) {

  /**
   * One header.
   *
   * @param name as it is sent
   * @param value without line breaks
   */
  public record Header(String name, String value) {}

  static final String JSON = "application/json";

  public Answer {
    headers = List.copyOf(headers);
  }

  /** JSON that is already written, as UTF-8. */
  public static Answer json(int status, byte[] json) {
    return new Answer(status, JSON, Buffer.buffer(json), List.of());
  }

  /** JSON that is already written. */
  public static Answer json(int status, String json) {
    return new Answer(status, JSON, Buffer.buffer(json), List.of());
  }

  /** JSON. */
  public static Answer json(int status, JsonNode json) {
    try {
      return json(status, StrictJson.MAPPER.writeValueAsBytes(json));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Text of any kind, as UTF-8. */
  public static Answer text(int status, String contentType, String text) {
    return new Answer(status, contentType, Buffer.buffer(text), List.of());
  }

  /** This answer with one more header. */
  public Answer with(String name, String value) {
    List<Header> more = new ArrayList<>(headers);
    more.add(new Header(name, value));
    return new Answer(status, contentType, body, more);
  }

  /** The answer that a problem makes, with the headers that its status asks for. */
  static Answer of(Problem problem, String requestId) {
    Answer answer =
        new Answer(
            problem.error().status(),
            Problem.MEDIA_TYPE,
            Buffer.buffer(problem.toJson(requestId)),
            List.of());
    if (problem.error().status() == 401) {
      answer = answer.with("WWW-Authenticate", "Bearer");
    }
    long seconds = problem.retryAfter().plusMillis(999).toSeconds();
    return seconds == 0 ? answer : answer.with("Retry-After", Long.toString(seconds));
  }
}
