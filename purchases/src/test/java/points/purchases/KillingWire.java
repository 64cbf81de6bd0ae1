package points.purchases;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A way to Points on which calls can be stopped, right before or right after Points has done them,
 * so that their caller can be killed there.
 */
final class KillingWire implements AutoCloseable {

  /** Between which steps of a saga the process dies. */
  enum When {
    /** The step is written down, Points has not been asked. */
    BEFORE,
    /** Points has done it, which has not been written down. */
    AFTER
  }

  /** Where calls of one saga stop; the caller may repeat them and is stopped again. */
  private record Stop(String verb, When when, String mark, CountDownLatch reached) {
    boolean isFor(String path, String body) {
      return path.equals("/internal/" + verb) && body.contains(mark);
    }
  }

  private static final List<String> REQUEST_HEADERS = List.of("Authorization", "Content-Type");
  private static final List<String> ANSWER_HEADERS =
      List.of("Content-Type", "Idempotent-Replay", "Retry-After");

  private final URI points;
  private final HttpServer server;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Stop> stops = new CopyOnWriteArrayList<>();
  private volatile CountDownLatch death = new CountDownLatch(1);

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

  /**
   * Stops calls of this verb whose body contains the mark.
   *
   * @return reached when there was one
   */
  CountDownLatch stopAt(String verb, When when, String mark) {
    Stop stop = new Stop(verb, when, mark, new CountDownLatch(1));
    stops.add(stop);
    return stop.reached();
  }

  /** Lets go of what was stopped, without answers: the caller is dead. Nothing is stopped now. */
  void callerDied() {
    stops.clear();
    death.countDown();
    death = new CountDownLatch(1);
  }

  private void carry(HttpExchange exchange) throws IOException {
    // Closed without an answer where the caller is dead.
    try (exchange) {
      CountDownLatch now = death;
      byte[] body = exchange.getRequestBody().readAllBytes();
      Stop stop = stopOf(exchange.getRequestURI().getPath(), new String(body, UTF_8));
      if (stop == null) {
        answer(exchange, forward(exchange, body));
        return;
      }
      if (stop.when() == When.AFTER) {
        forward(exchange, body);
      }
      stop.reached().countDown();
      now.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable Stop stopOf(String path, String body) {
    return stops.stream().filter(s -> s.isFor(path, body)).findFirst().orElse(null);
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
    callerDied();
    server.stop(0);
    http.close();
  }
}
