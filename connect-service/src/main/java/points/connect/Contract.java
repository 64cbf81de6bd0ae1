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

/** {@code /openapi.yaml}: the contract, as it is packed with the service. */
final class Contract {
  private static final String RESOURCE = "/contracts/openapi/connect.yaml";

  private Contract() {}

  static void mount(Http.Builder http) {
    CompletionStage<Answer> answer =
        CompletableFuture.completedStage(
            new Answer(200, "application/yaml", Buffer.buffer(read()), List.of()));
    http.hot("GET", "/openapi.yaml", Permission.ANYONE, call -> answer);
  }

  private static byte[] read() {
    try (InputStream in = Contract.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("not packed: " + RESOURCE);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
