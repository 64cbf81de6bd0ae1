package points.kit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A method and path that is served. Immutable.
 *
 * @param method GET or POST, PUT, PATCH, DELETE
 * @param template the path, with {@code {name}} for whole segments that vary
 * @param permission what it takes
 * @param bodyBytesMax how long a body may be
 * @param mediaTypes what a body may be
 * @param handler hot or blocking
 */
record Route(
    String method,
    String template,
    Permission permission,
    int bodyBytesMax,
    Set<String> mediaTypes,
    Handler handler) {

  /** How a route is served. */
  sealed interface Handler {}

  record Hot(HotHandler handler) implements Handler {}

  record Blocking(BlockingHandler handler) implements Handler {}

  private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");

  static final Set<String> JSON = Set.of(Answer.JSON);

  Route {
    mediaTypes = Collections.unmodifiableSortedSet(new TreeSet<>(mediaTypes));
    if (!METHODS.contains(method) || !template.startsWith("/")) {
      throw new IllegalArgumentException("not a route: " + method + " " + template);
    }
  }

  boolean hasBody() {
    return !method.equals("GET") && !method.equals("DELETE");
  }

  String[] segments() {
    return template.substring(1).split("/", -1);
  }

  static boolean isParameter(String segment) {
    return segment.startsWith("{") && segment.endsWith("}");
  }

  /** The names of the varying segments, in order. */
  List<String> parameters() {
    if (template.indexOf('{') < 0) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    for (String segment : segments()) {
      if (isParameter(segment)) {
        names.add(segment.substring(1, segment.length() - 1));
      }
    }
    return names;
  }

  @Override
  public String toString() {
    return method + " " + template;
  }
}
