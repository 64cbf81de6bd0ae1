package points.purchases;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A way to Points on which the caller is killed, on order, right before or right after a call. */
final class KillingWire implements AutoCloseable {

  /** Between which steps of a saga the process dies. */
  enum When {
    /** The step is written down, Points has not been asked. */
    BEFORE,
    /** Points has done it, which has not been written down. */
    AFTER
  }

  private record Order(String verb, When when, Runnable kill) {}

  private static final List<String> REQUEST_HEADERS = List.of("Authorization", "Content-Type");
  private static final List<String> ANSWER_HEADERS =
      List.of("Content-Type", "Idempotent-Replay", "Retry-After");

  private final URI points;
  private final HttpServer server;
  private final HttpClient http = HttpClient.newHttpClient();
  private volatile @Nullable Order order;

  KillingWire(URI points) {
    this.points = points;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::carry);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Orders death at the next call of this verb, once. */
  void killAt(String verb, When when, Runnable kill) {
    order = new Order(verb, when, kill);
  }

  private void carry(HttpExchange exchange) throws IOException {
    // Closed without an answer where the caller is dead.
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      Order now = order;
      boolean dies =
          now != null && exchange.getRequestURI().getPath().equals("/internal/" + now.verb());
      if (now != null && dies) {
        order = null;
        if (now.when() == When.AFTER) {
          forward(exchange, body);
        }
        now.kill().run();
        return;
      }
      answer(exchange, forward(exchange, body));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(points.resolve(exchange.getRequestURI()))
            .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
    for (String name : REQUEST_HEADERS) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        request.header(name, value);
      }
    }
    return http.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static void answer(HttpExchange exchange, HttpResponse<byte[]> answer)
      throws IOException {
    for (String name : ANSWER_HEADERS) {
      answer.headers().firstValue(name).ifPresent(v -> exchange.getResponseHeaders().set(name, v));
    }
    exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
    exchange.getResponseBody().write(answer.body());
  }

  @Override
  public void close() {
    server.stop(0);
    http.close();
  }
}
