package points.kit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request. A path is matched as it was sent, segment by segment: no {@code
 * ..}, double slash or slash at the end is made to mean another path, so that what a proxy in front
 * decides about a path holds here too. Immutable.
 */
final class RouteTable {

  /**
   * A route that was found.
   *
   * @param values of the varying segments, decoded, in order
   */
  record Match(Route route, List<String> values) {}

  private record Pattern(List<String> segments, Map<String, Route> byMethod) {}

  private final Map<String, Map<String, Route>> exact = new HashMap<>();
  private final List<Pattern> patterns = new ArrayList<>();

  RouteTable(List<Route> routes) {
    Map<String, Map<String, Route>> varying = new TreeMap<>();
    for (Route route : routes) {
      // Names of parameters play no part in whether two templates are the same.
      String shape = route.template().replaceAll("\\{[^/]*}", "{}");
      boolean isExact = shape.equals(route.template());
      var byMethod = (isExact ? exact : varying).computeIfAbsent(shape, path -> new HashMap<>());
      if (byMethod.put(route.method(), route) != null) {
        throw new IllegalArgumentException("registered twice: " + route);
      }
    }
    varying.values().forEach(byMethod -> patterns.add(pattern(byMethod)));
  }

  private static Pattern pattern(Map<String, Route> byMethod) {
    return new Pattern(
        List.of(byMethod.values().iterator().next().segments()), Map.copyOf(byMethod));
  }

  /**
   * The route of this method and path.
   *
   * @param path as sent, without the query
   * @return null where no route has this path
   * @throws ProblemException {@code invalid_request} for a wrong encoding
   * @throws MethodRefused where the path has other methods only
   */
  @Nullable Match find(String method, String path) throws MethodRefused {
    Map<String, Route> byMethod = exact.get(path);
    if (byMethod != null) {
      return new Match(choose(byMethod, method), List.of());
    }
    String[] sent = path.substring(1).split("/", -1);
    String[] decoded = new String[sent.length];
    for (int i = 0; i < sent.length; i++) {
      String text = QueryText.decoded(sent[i], false);
      if (text == null) {
        throw ProblemException.invalid("path", "is not percent-encoded UTF-8");
      }
      decoded[i] = text;
    }
    for (Pattern pattern : patterns) {
      List<String> values = values(pattern.segments(), sent, decoded);
      if (values != null) {
        return new Match(choose(pattern.byMethod(), method), values);
      }
    }
    return null;
  }

  /** What is fixed must have been sent as it is: {@code fr%65eze} is no {@code freeze}. */
  private static @Nullable List<String> values(
      List<String> template, String[] sent, String[] decoded) {
    if (template.size() != sent.length) {
      return null;
    }
    List<String> values = new ArrayList<>(2);
    for (int i = 0; i < template.size(); i++) {
      if (!Route.isParameter(template.get(i))) {
        if (!template.get(i).equals(sent[i])) {
          return null;
        }
      } else if (decoded[i].isEmpty()) {
        return null;
      } else {
        values.add(decoded[i]);
      }
    }
    return values;
  }

  private static Route choose(Map<String, Route> byMethod, String method) throws MethodRefused {
    Route route = byMethod.get(method.equals("HEAD") ? "GET" : method);
    if (route == null) {
      TreeSet<String> allowed = new TreeSet<>(byMethod.keySet());
      if (allowed.contains("GET")) {
        allowed.add("HEAD");
      }
      throw new MethodRefused(String.join(", ", allowed));
    }
    return route;
  }

  /** The path exists, the method does not; {@link #allow} is what the header Allow says. */
  static final class MethodRefused extends Exception {
    private static final long serialVersionUID = 1L;
    private final String allow;

    MethodRefused(String allow) {
      super(allow, null, false, false);
      this.allow = allow;
    }

    String allow() {
      return allow;
    }
  }
}
