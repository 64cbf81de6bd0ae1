package points.kit;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One request, as its handler sees it: whole, from a caller who may make it. Immutable; safe for
 * use by many threads.
 */
public final class Call {

  private final HttpServerRequest request;
  private final Route route;
  private final List<String> pathValues;
  private final String requestId;
  private final @Nullable Caller caller;
  private final Buffer body;

  Call(
      HttpServerRequest request,
      RouteTable.Match match,
      String requestId,
      @Nullable Caller caller,
      Buffer body) {
    this.request = request;
    this.route = match.route();
    this.pathValues = match.values();
    this.requestId = requestId;
    this.caller = caller;
    this.body = body;
  }

  /** The id under which the logs know this request, 1 to 64 of {@code [A-Za-z0-9._-]}. */
  public String requestId() {
    return requestId;
  }

  /** Who calls. Only for routes that are not open to {@link Permission#ANYONE}. */
  public Caller caller() {
    if (caller == null) {
      throw new IllegalStateException(route + " is open to anyone: there is no caller");
    }
    return caller;
  }

  /** The decoded value of a part of the path, such as {@code account} of {@code /x/{account}}. */
  public String path(String name) {
    int index = route.parameters().indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(route + " has no {" + name + "}");
    }
    return pathValues.get(index);
  }

  /**
   * The decoded value of a part of the path, if it follows the rule.
   *
   * @throws ProblemException {@code invalid_request} if not
   */
  public String path(String name, TextRule rule) {
    String value = path(name);
    if (!rule.accepts(value)) {
      throw ProblemException.invalid(name, "must be " + rule.expected());
    }
    return value;
  }

  /**
   * The parameters after the question mark.
   *
   * @throws ProblemException {@code invalid_request} for a repeated one or a wrong encoding
   */
  public Fields query() {
    return Fields.ofQuery(request.query());
  }

  /**
   * The body's fields.
   *
   * @throws ProblemException {@code invalid_request} where the body is no strict JSON object
   */
  public Fields json() {
    return Fields.ofJson(body.getBytes());
  }

  /**
   * The fields of a body whose elements stand or fall alone; see {@link Fields#ofJsonParts}.
   *
   * @throws ProblemException {@code invalid_request} where the rest is no strict JSON object
   */
  public Fields jsonParts() {
    return Fields.ofJsonParts(body.getBytes());
  }

  /** The body as sent; empty where there is none. */
  public Buffer body() {
    return body;
  }

  /** The first header of this name, in whatever case; null where there is none. */
  public @Nullable String header(String name) {
    return request.getHeader(name);
  }

  /**
   * The headers whose names begin so: by the rest of the name, in lower case.
   *
   * @throws ProblemException {@code invalid_request} for one that is there twice
   */
  public Map<String, String> headersBeginning(String prefix) {
    Map<String, String> found = new TreeMap<>();
    for (var header : request.headers()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (name.startsWith(prefix)) {
        if (found.put(name.substring(prefix.length()), header.getValue()) != null) {
          throw ProblemException.invalid(name, "is there twice");
        }
      }
    }
    return found;
  }

  /** The method as sent, so HEAD where a GET route answers a HEAD. */
  public String method() {
    return request.method().name();
  }
}
