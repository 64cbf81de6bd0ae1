package points.connect;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import points.kit.Answer;
import points.kit.Http;
import points.kit.Permission;

/** The contract, as it is packed with the service, and the errors that its problems point to. */
final class Contract {
  private Contract() {}

  static void mount(Http.Builder http) {
    serve(http, "/openapi.yaml", "/contracts/openapi/connect.yaml", "application/yaml");
    serve(http, "/docs/errors", "/points/connect/docs/errors.md", "text/plain; charset=utf-8");
  }

  private static void serve(Http.Builder http, String path, String resource, String mediaType) {
    CompletionStage<Answer> answer =
        CompletableFuture.completedStage(
            new Answer(200, mediaType, Buffer.buffer(read(resource)), List.of()));
    http.hot("GET", path, Permission.ANYONE, call -> answer);
  }

  private static byte[] read(String resource) {
    try (InputStream in = Contract.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("not packed: " + resource);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
