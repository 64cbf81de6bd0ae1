package points.trials.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call as it is sent. The mutations make others of it; it is well framed as HTTP in any case, so
 * that there is an answer to it.
 *
 * @param path with its query, as sent
 * @param headers besides those for the framing
 * @param body as sent; null for none
 */
@SuppressWarnings("ArrayRecordComponent") // requests are sent, never compared
record Request(String method, String path, Map<String, String> headers, byte @Nullable [] body) {
  Request {
    headers = new LinkedHashMap<>(headers);
  }

  Request withMethod(String other) {
    return new Request(other, path, headers, body);
  }

  Request withPath(String other) {
    return new Request(method, other, headers, body);
  }

  Request withHeader(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(name, value);
    return new Request(method, path, all, body);
  }

  Request withoutHeader(String name) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.remove(name);
    return new Request(method, path, all, body);
  }

  Request withBody(byte[] other) {
    return new Request(method, path, headers, other);
  }

  /** The body as text, whatever its bytes are; null for none. */
  @Nullable String text() {
    return body == null ? null : new String(body, StandardCharsets.UTF_8);
  }

  /** All of it. */
  byte[] bytes() {
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: localhost\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (body != null) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    head.append("\r\n");
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
    if (body != null) {
      all.writeBytes(body);
    }
    return all.toByteArray();
  }

  /** To repeat it by hand: without the credentials, and not all of a long body. */
  @Override
  public String toString() {
    Map<String, String> shown = new LinkedHashMap<>(headers);
    shown.computeIfPresent("Authorization", (name, value) -> value.replaceAll("_[^_]*$", "_…"));
    String text = String.valueOf(text());
    return method
        + " "
        + cut(path)
        + " "
        + shown
        + " "
        + cut(text)
        + (body == null ? "" : " (" + body.length + " bytes)");
  }

  private static String cut(String text) {
    return text.length() <= 1_000 ? text : text.substring(0, 1_000) + "…";
  }
}
