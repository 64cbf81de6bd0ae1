package points.service;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * The contract for people and programs: {@code /openapi.yaml}, and {@code /docs}, a page that shows
 * it. All of it comes from the class path, so the page works without a network.
 */
final class ApiDocs {
  /** No inline script or style, and nothing from or to anywhere but here. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final String CONTRACT = "/contracts/openapi/points.yaml";
  private static final String PAGE = "/points/service/docs/";
  private static final String WEBJAR = "org.webjars/swagger-ui";

  /** Adds the routes. They need no authentication. */
  void mount(Router router) {
    String library = library();
    serve(router, "/openapi.yaml", CONTRACT, "application/yaml");
    serve(router, "/docs", PAGE + "index.html", "text/html; charset=utf-8");
    serve(router, "/docs/docs.css", PAGE + "docs.css", "text/css; charset=utf-8");
    serve(router, "/docs/docs.js", PAGE + "docs.js", "text/javascript; charset=utf-8");
    serve(router, "/docs/swagger-ui.css", library + "swagger-ui.css", "text/css; charset=utf-8");
    serve(
        router,
        "/docs/swagger-ui-bundle.js",
        library + "swagger-ui-bundle.js",
        "text/javascript; charset=utf-8");
    serve(router, "/docs/favicon-32x32.png", library + "favicon-32x32.png", "image/png");
  }

  private static void serve(Router router, String path, String resource, String mediaType) {
    Buffer body = Buffer.buffer(read(resource));
    router.get(path).handler(context -> answer(context, body, mediaType));
  }

  private static void answer(RoutingContext context, Buffer body, String mediaType) {
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, mediaType)
        .putHeader(HttpHeaders.CACHE_CONTROL, "max-age=300")
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .end(body);
  }

  /** The folder of the WebJar, whose path holds its version. */
  private static String library() {
    Properties properties = new Properties();
    try (InputStream in = open("/META-INF/maven/" + WEBJAR + "/pom.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "/META-INF/resources/webjars/swagger-ui/" + properties.getProperty("version") + "/";
  }

  private static byte[] read(String resource) {
    try (InputStream in = open(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String resource) {
    InputStream in = ApiDocs.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException("not on the class path: " + resource);
    }
    return in;
  }
}
