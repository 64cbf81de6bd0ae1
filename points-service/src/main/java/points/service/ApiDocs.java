package points.service;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import points.kit.Answer;
import points.kit.Http;
import points.kit.Permission;

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

  /** Adds the routes. They are open to anyone. */
  void mount(Http.Builder http) {
    serve(http, "/openapi.yaml", read("/contracts/openapi/points.yaml"), "application/yaml");
    String pages = "/points/service/docs/";
    serve(http, "/docs", read(pages + "index.html"), HTML);
    serve(http, "/docs/docs.css", read(pages + "docs.css"), CSS);
    serve(http, "/docs/docs.js", read(pages + "docs.js"), SCRIPT);
    // Where the member `type` of every problem points to.
    serve(http, "/docs/errors", markdown("Errors", pages + "reference/errors.md"), HTML);
    serve(http, "/docs/limits", markdown("Limits", pages + "reference/limits.md"), HTML);
    serve(http, "/docs/settings", markdown("Settings", pages + "reference/settings.md"), HTML);
    serve(http, "/docs/states", markdown("States", pages + "reference/states.md"), HTML);
    String library = library();
    serve(http, "/docs/swagger-ui.css", read(library + "swagger-ui.css"), CSS);
    serve(http, "/docs/swagger-ui-bundle.js", read(library + "swagger-ui-bundle.js"), SCRIPT);
    serve(http, "/docs/favicon-32x32.png", read(library + "favicon-32x32.png"), "image/png");
  }

  private static void serve(Http.Builder http, String path, byte[] content, String mediaType) {
    Answer answer =
        new Answer(200, mediaType, Buffer.buffer(content), List.of())
            .with("Content-Security-Policy", POLICY)
            .with("Referrer-Policy", "no-referrer");
    CompletionStage<Answer> done = CompletableFuture.completedStage(answer);
    http.hot("GET", path, Permission.ANYONE, call -> done);
  }

  private static byte[] markdown(String title, String resource) {
    // On disk the texts link to each other as files.
    String text = new String(read(resource), StandardCharsets.UTF_8).replace(".md)", ")");
    return ApiDocsMarkdown.page(title, text).getBytes(StandardCharsets.UTF_8);
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
