package points.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class HttpLimitsTest {

  private final CountDownLatch gate = new CountDownLatch(1);

  private void routes(Http.Builder http) {
    http.blocking(
        "GET",
        "/wait",
        Permission.AUTHENTICATED,
        call -> {
          gate.await();
          return Answer.json(200, "{}");
        });
  }

  private static CompletableFuture<HttpResponse<String>> start(HttpRequest.Builder request) {
    return TestHttp.CLIENT.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void limitsEachSource() {
    try (TestHttp server = new TestHttp(Map.of("http.source_requests", "3"), this::routes)) {
      List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        calls.add(start(server.asConnect("/wait")));
      }
      await().until(() -> calls.stream().anyMatch(CompletableFuture::isDone));
      var refused =
          calls.stream().filter(CompletableFuture::isDone).findFirst().orElseThrow().join();
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.body()).contains("rate_limited");
      assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
      gate.countDown();
      var other =
          server.send(
              server
                  .request("/wait")
                  .header("Authorization", "Bearer " + server.questKey.reveal()));
      assertThat(other.statusCode()).isEqualTo(200);
      assertThat(calls.stream().filter(call -> call.join().statusCode() == 200)).hasSize(3);
      assertThat(server.send(server.asConnect("/wait")).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void limitsAllTogether() {
    try (TestHttp server = new TestHttp(Map.of("http.requests", "1"), this::routes)) {
      var first = start(server.asConnect("/wait"));
      await().until(() -> server.send(server.asConnect("/wait")).statusCode() == 503);
      assertThat(server.send(server.request("/health/live")).statusCode()).isEqualTo(200);
      gate.countDown();
      assertThat(first.join().statusCode()).isEqualTo(200);
      assertThat(server.send(server.asConnect("/wait")).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void goesDownInOrder() throws Exception {
    try (TestHttp server =
            new TestHttp(Map.of("http.drain_time", "1s", "http.event_loops", "2"), this::routes);
        RawHttp kept = server.raw()) {
      kept.send("GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(kept.read().status()).isEqualTo(200);
      List<CompletableFuture<HttpResponse<String>>> inFlight = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        inFlight.add(start(server.asConnect("/wait")));
      }
      await()
          .until(() -> server.metrics.registry().get("http.server.in.flight").gauge().value() == 6);
      CompletableFuture<Void> stopping = CompletableFuture.runAsync(server.http::close);
      Thread.sleep(300);
      kept.send("GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n");
      var ready = kept.read();
      assertThat(ready.status()).isEqualTo(503);
      assertThat(ready.body()).contains("stopping");
      assertThat(ready.header("connection")).isEqualTo("close");
      int port = server.http.port();
      await().until(() -> isRefused(port));
      assertThat(inFlight).noneMatch(CompletableFuture::isDone);
      gate.countDown();
      for (var call : inFlight) {
        assertThat(call.join().statusCode()).isEqualTo(200);
      }
      stopping.join();
    }
  }

  /** Callers that come while the server goes down are answered, or nothing was done for them. */
  @RepeatedTest(5)
  void whatIsDoneOnTheWayDownIsAnswered() throws Exception {
    AtomicInteger done = new AtomicInteger();
    AtomicInteger answered = new AtomicInteger();
    try (TestHttp server =
            new TestHttp(
                Map.of("http.event_loops", "2"),
                http ->
                    http.blocking(
                        "GET",
                        "/work",
                        Permission.ANYONE,
                        call -> {
                          Thread.sleep(30);
                          done.incrementAndGet();
                          return Answer.json(200, "{}");
                        }));
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      int port = server.http.port();
      for (int i = 0; i < 48; i++) {
        var unused = callers.submit(() -> callUntilGone(port, answered));
      }
      await().until(() -> answered.get() > 100);
      server.http.close();
    }
    assertThat(answered).hasValue(done.get());
  }

  /** A connection for every call, until there is nobody to connect to. */
  private static void callUntilGone(int port, AtomicInteger answered) {
    while (true) {
      try (RawHttp raw = new RawHttp(port)) {
        raw.send("GET /work HTTP/1.1\r\nHost: x\r\n\r\n");
        if (raw.read().status() == 200) {
          answered.incrementAndGet();
        }
      } catch (java.net.ConnectException e) {
        return;
      } catch (java.io.IOException | java.io.UncheckedIOException | IllegalStateException e) {
        // Closed without an answer, so nothing may have been done.
      }
    }
  }

  @Test
  void doesNotWaitForEver() {
    try (TestHttp server = new TestHttp(Map.of("http.stop_time", "500ms"), this::routes)) {
      var call = start(server.asConnect("/wait"));
      await()
          .until(() -> server.metrics.registry().get("http.server.in.flight").gauge().value() == 1);
      server.http.close();
      await().until(call::isCompletedExceptionally);
    }
  }

  @Test
  void readinessFollowsTheChecks() {
    try (TestHttp server = new TestHttp(Map.of(), this::routes)) {
      boolean[] broken = {false};
      server.health.check(
          "database",
          () -> {
            if (broken[0]) {
              throw new IllegalStateException("the secret cause");
            }
          });
      assertThat(server.send(server.request("/health/ready")).body())
          .isEqualTo("{\"status\":\"up\",\"checks\":{\"database\":\"up\"}}");
      broken[0] = true;
      var down = server.send(server.request("/health/ready"));
      assertThat(down.statusCode()).isEqualTo(503);
      assertThat(down.body())
          .contains("\"code\":\"unavailable\"", "database")
          .doesNotContain("secret");
      assertThat(down.headers().firstValue("Retry-After")).isPresent();
    }
  }

  private static boolean isRefused(int port) {
    try (RawHttp raw = new RawHttp(port)) {
      return raw.isClosed();
    } catch (java.io.IOException e) {
      return true;
    }
  }
}
