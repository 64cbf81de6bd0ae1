package points.kit;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;

/** Reads request lines and finds their routes, without a server, for whoever tries out texts. */
public final class RequestLines {
  private static final RouteTable ROUTES =
      new RouteTable(
          List.of(
              route("GET", "/health/live"),
              route("POST", "/internal/credit"),
              route("GET", "/internal/accounts/{account}/balance"),
              route("POST", "/rules/{name}/revisions/{n}/activate")));

  private RequestLines() {}

  private static Route route(String method, String template) {
    return new Route(
        method,
        template,
        Permission.ANYONE,
        0,
        Set.of(),
        new Route.Blocking(call -> Answer.json(200, "{}")));
  }

  /**
   * Reads one.
   *
   * @return whether a route was found
   * @throws ProblemException if it is malformed
   */
  public static boolean isRoute(String uri) {
    HttpServerRequest request =
        (HttpServerRequest)
            Proxy.newProxyInstance(
                RequestLines.class.getClassLoader(),
                new Class<?>[] {HttpServerRequest.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "uri" -> uri;
                      case "version" -> HttpVersion.HTTP_1_1;
                      case "headers" -> MultiMap.caseInsensitiveMultiMap().add("Host", "x");
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
    try {
      return ROUTES.find("GET", RequestLine.of(request).path()) != null;
    } catch (RouteTable.MethodRefused e) {
      return true;
    }
  }
}
