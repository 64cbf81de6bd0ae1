package points.service.contract;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A call and its answer.
 *
 * @param path with the query, as it was sent
 * @param headers the answer's
 * @param body the answer's; empty if there was none
 */
public record Exchange(
    String method,
    String path,
    @Nullable String requestBody,
    int status,
    Map<String, List<String>> headers,
    String body) {

  /** Makes the headers' names equal in any case. */
  public Exchange {
    Map<String, List<String>> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    anyCase.putAll(headers);
    headers = anyCase;
  }

  /** The first value of a header of the answer. */
  @Nullable String header(String name) {
    List<String> values = headers.get(name);
    return values == null || values.isEmpty() ? null : values.getFirst();
  }

  /** The answer's media type without parameters, in lower case; empty if it has none. */
  String mediaType() {
    String type = header("Content-Type");
    return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  String pathOnly() {
    int question = path.indexOf('?');
    return question < 0 ? path : path.substring(0, question);
  }

  String query() {
    int question = path.indexOf('?');
    return question < 0 ? "" : path.substring(question + 1);
  }

  @Override
  public String toString() {
    return method + " " + path + " → " + status + " " + mediaType() + "\n" + body;
  }
}
