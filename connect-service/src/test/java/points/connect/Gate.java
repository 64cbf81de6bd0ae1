package points.connect;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between Connect and Points, and lets calls through, or not, or their answers. */
final class Gate implements AutoCloseable {
  /** What becomes of calls that arrive from now on. */
  enum Way {
    OPEN,
    /** They break before they reach Points. */
    AWAY,
    /** They reach Points; their answers are lost. */
    DEAF,
    /** They reach Points; their answers wait until the gate is opened. */
    HELD
  }

  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final URI points;
  private final AtomicInteger calls = new AtomicInteger();
  private final Semaphore held = new Semaphore(0);
  private volatile Way way = Way.OPEN;

  Gate(URI points) {
    this.points = points;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** How many calls have come so far. */
  int calls() {
    return calls.get();
  }

  /** From now on. What is held goes on. */
  void set(Way next) {
    way = next;
    if (next == Way.OPEN) {
      held.release(1_000);
    } else {
      held.drainPermits();
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    Way mine = way;
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (mine == Way.AWAY) {
      calls.incrementAndGet();
      throw new IOException("away"); // the server closes the connection
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(points.resolve(exchange.getRequestURI()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
    for (String name : new String[] {"Authorization", "Content-Type"}) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        request.header(name, value);
      }
    }
    try {
      HttpResponse<byte[]> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      calls.incrementAndGet();
      if (mine == Way.DEAF) {
        throw new IOException("lost");
      }
      if (mine == Way.HELD) {
        held.acquire();
      }
      answer
          .headers()
          .firstValue("Content-Type")
          .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
      exchange.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    set(Way.OPEN);
    server.stop(0);
    threads.shutdownNow();
    http.shutdownNow();
  }
}
