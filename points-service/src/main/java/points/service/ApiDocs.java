package points.service;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/**
 * The contract for people and programs: {@code /openapi.yaml}, and {@code /docs}, pages that show
 * it. All of it comes from the class path, so the page works without a network.
 */
final class ApiDocs {
  /** No inline script or style, and nothing from or to anywhere but here. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final String HTML = "text/html; charset=utf-8";
  private static final String CSS = "text/css; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";

  /** Adds the routes. They need no authentication. */
  void mount(Router router) {
    serve(router, "/openapi.yaml", read("/contracts/openapi/points.yaml"), "application/yaml");
    String pages = "/points/service/docs/";
    serve(router, "/docs", read(pages + "index.html"), HTML);
    serve(router, "/docs/docs.css", read(pages + "docs.css"), CSS);
    serve(router, "/docs/docs.js", read(pages + "docs.js"), SCRIPT);
    // Where the member `type` of every problem points to.
    serve(router, "/docs/errors", markdown("Errors", pages + "reference/errors.md"), HTML);
    serve(router, "/docs/limits", markdown("Limits", pages + "reference/limits.md"), HTML);
    String library = library();
    serve(router, "/docs/swagger-ui.css", read(library + "swagger-ui.css"), CSS);
    serve(router, "/docs/swagger-ui-bundle.js", read(library + "swagger-ui-bundle.js"), SCRIPT);
    serve(router, "/docs/favicon-32x32.png", read(library + "favicon-32x32.png"), "image/png");
  }

  private static void serve(Router router, String path, byte[] content, String mediaType) {
    Buffer body = Buffer.buffer(content);
    router.get(path).handler(context -> answer(context, body, mediaType));
  }

  private static byte[] markdown(String title, String resource) {
    // On disk the texts link to each other as files.
    String text = new String(read(resource), StandardCharsets.UTF_8).replace(".md)", ")");
    return ApiDocsMarkdown.page(title, text).getBytes(StandardCharsets.UTF_8);
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
    try (InputStream in = open("/META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
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
