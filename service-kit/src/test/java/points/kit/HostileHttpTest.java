package points.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileHttpTest {

  private static final String JSON = "Content-Type: application/json\r\n";

  @SuppressWarnings("NullAway.Init") // set before all tests
  private TestHttp server;

  @BeforeAll
  void start() {
    server =
        new TestHttp(
            Map.of(
                "http.header_time", "1s",
                "http.body_time", "1s",
                "http.idle_time", "2s",
                "http.answer_time", "1s"),
            http -> {
              HttpTest.routes(http);
              http.blocking(
                  "GET",
                  "/slow",
                  Permission.ANYONE,
                  call -> {
                    Thread.sleep(3_000);
                    return Answer.json(200, "{}");
                  });
            });
  }

  @AfterAll
  void stop() {
    await()
        .untilAsserted(
            () ->
                assertThat(server.metrics.registry().get("http.server.in.flight").gauge().value())
                    .isZero());
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GARBAGE\r\n\r\n",
        "GET\r\n\r\n",
        "GET /health/live\r\n\r\n",
        "GET /health/live HTTP/9.9.9\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: x\r\nBad Header: x\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: x\r\nA: b\u0000c\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001client hello\u0000\r\n\r\n",
        "POST /credit HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /credit HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
        "POST /credit HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"
      })
  void refusesGarbageWithAProblemAndCloses(String bytes) throws Exception {
    try (RawHttp raw = server.raw()) {
      raw.send(bytes);
      var response = raw.read();
      assertThat(response.status()).isEqualTo(400);
      assertThat(response.header("content-type")).isEqualTo("application/problem+json");
      assertThat(response.header("connection")).isEqualTo("close");
      assertThat(raw.isClosed()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/accounts/%/balance",
        "/accounts/%zz/balance",
        "/accounts/%ff/balance",
        "/accounts/%00/balance",
        "/accounts/%c0%80/balance",
        "/accounts/%ed%a0%80/balance",
        "x",
        "*",
        "http:/x",
        "/credit#x"
      })
  void refusesMalformedPaths(String path) throws Exception {
    try (RawHttp raw = server.raw()) {
      raw.send(server.head("GET " + path + " HTTP/1.1") + "\r\n");
      var response = raw.read();
      assertThat(response.status()).isEqualTo(400);
      assertThat(response.body()).contains("invalid_request");
      raw.send("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(raw.read().status()).as("the connection lives on").isEqualTo(200);
    }
  }

  @Test
  void demandsAHost() throws Exception {
    try (RawHttp raw = server.raw()) {
      assertThat(raw.send("GET /health/live HTTP/1.1\r\n\r\n").read().status()).isEqualTo(400);
    }
    try (RawHttp raw = server.raw()) {
      assertThat(raw.send("GET /health/live HTTP/1.0\r\n\r\n").read().status()).isEqualTo(200);
      assertThat(raw.isClosed()).isTrue();
    }
    try (RawHttp raw = server.raw()) {
      var absolute = raw.send("GET http://x/health/live HTTP/1.1\r\nHost: x\r\n\r\n").read();
      assertThat(absolute.status()).isEqualTo(200);
    }
  }

  @Test
  void refusesAHeaderWithoutAName() throws Exception {
    try (RawHttp raw = server.raw()) {
      raw.send("GET /health/live HTTP/1.1\r\nHost: x\r\n: x\r\n\r\n");
      assertThat(raw.read().status()).isEqualTo(400);
    }
  }

  @Test
  void refusesOversizeLinesAndHeaders() throws Exception {
    try (RawHttp raw = server.raw()) {
      raw.send("GET /" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
      var response = raw.read();
      assertThat(response.status()).isEqualTo(413);
      assertThat(response.body()).contains("too_large");
      assertThat(raw.isClosed()).isTrue();
    }
    try (RawHttp raw = server.raw()) {
      raw.send("GET / HTTP/1.1\r\nHost: x\r\nA: " + "x".repeat(20_000) + "\r\n\r\n");
      assertThat(raw.read().status()).isEqualTo(413);
      assertThat(raw.isClosed()).isTrue();
    }
  }

  @Test
  void refusesLargeBodiesHoweverTheyAreSent() throws Exception {
    String head = server.head("POST /credit HTTP/1.1") + JSON;
    try (RawHttp raw = server.raw()) {
      raw.send(head + "Content-Length: 99999999999999999999\r\n\r\n");
      assertThat(raw.read().status()).isIn(400, 413);
      assertThat(raw.isClosed()).isTrue();
    }
    try (RawHttp raw = server.raw()) {
      raw.send(head + "Content-Length: 10000000\r\n\r\n" + "x".repeat(500_000));
      assertThat(raw.read().body()).contains("too_large");
      assertThat(raw.isClosed()).isTrue();
    }
    try (RawHttp raw = server.raw()) {
      String chunk = "1000\r\n" + "x".repeat(4_096) + "\r\n";
      raw.send(head + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(17));
      assertThat(raw.read().status()).isEqualTo(413);
      assertThat(raw.isClosed()).isTrue();
    }
    try (RawHttp raw = server.raw()) {
      raw.send(head + "Expect: 100-continue\r\nContent-Length: 100000\r\n\r\n");
      assertThat(raw.read().status()).isEqualTo(413);
    }
  }

  @Test
  void readsChunksAndContinues() throws Exception {
    String head = server.head("POST /credit HTTP/1.1") + JSON;
    try (RawHttp raw = server.raw()) {
      raw.send(
          head
              + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"tex\r\n8\r\nt\":\"abc\"\r\n1\r\n}\r\n0\r\n\r\n");
      assertThat(raw.read().body()).isEqualTo("{\"length\":3}");
      assertThat(raw.isClosed()).as("chunks may hide a length").isTrue();
    }
    try (RawHttp raw = server.raw()) {
      raw.send(head + "Expect: 100-continue\r\nContent-Length: 12\r\n\r\n");
      assertThat(raw.read().status()).isEqualTo(100);
      raw.send("{\"text\":\"ab\"}".substring(0, 12));
      assertThat(raw.read().status()).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding: chunked;q=1",
        "Transfer-Encoding: ,",
        "Transfer-Encoding:",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"
      })
  void nothingAfterAnUnclearEndOfABodyIsARequest(String framing) throws Exception {
    try (RawHttp raw = server.raw()) {
      raw.send(
          server.head("POST /credit HTTP/1.1")
              + JSON
              + framing
              + "\r\n\r\n0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
      var response = raw.read();
      assertThat(response.status()).isEqualTo(400);
      assertThat(response.header("connection")).isEqualTo("close");
      assertThat(raw.isClosed()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/accounts/a\u0000b/balance", "/accounts/\u00e9/balance", "/x?a=\u007f"})
  void refusesBytesThatNoPathHas(String path) throws Exception {
    try (RawHttp raw = server.raw()) {
      raw.send(server.head("GET " + path + " HTTP/1.1") + "\r\n");
      var response = raw.read();
      assertThat(response.status()).isEqualTo(400);
      assertThat(response.body()).contains("visible ASCII");
    }
  }

  @Test
  void hangsUpOnBrokenChunks() throws Exception {
    String head = server.head("POST /credit HTTP/1.1") + JSON;
    try (RawHttp raw = server.raw()) {
      raw.send(head + "Transfer-Encoding: chunked\r\n\r\nZZ\r\nx");
      assertThat(raw.isClosed()).isTrue();
    }
  }

  @Test
  void answersPipelinedRequestsInOrder() throws Exception {
    try (RawHttp raw = server.raw()) {
      String one = "POST /credit HTTP/1.1";
      raw.send(
          (server.head(one) + JSON + "Content-Length: 12\r\n\r\n{\"text\":\"a\"}")
              + (server.head(one) + JSON + "Content-Length: 13\r\n\r\n{\"text\":\"ab\"}")
              + server.head("GET /nowhere HTTP/1.1")
              + "Connection: close\r\n\r\n");
      assertThat(raw.read().body()).isEqualTo("{\"length\":1}");
      assertThat(raw.read().body()).isEqualTo("{\"length\":2}");
      assertThat(raw.read().status()).isEqualTo(404);
      assertThat(raw.isClosed()).isTrue();
    }
  }

  @Test
  void givesUpOnSlowHeadersBodiesAndIdleConnections() throws Exception {
    try (RawHttp idle = server.raw();
        RawHttp header = server.raw();
        RawHttp body = server.raw();
        RawHttp kept = server.raw()) {
      kept.send("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n").read();
      body.send(server.head("POST /credit HTTP/1.1") + JSON + "Content-Length: 50\r\n\r\n");
      header.send("GET / HTTP/1.1\r\n");
      Thread.ofVirtual().start(() -> drip(header));
      Thread.ofVirtual().start(() -> drip(body));
      var late = body.read();
      assertThat(late.status()).isEqualTo(400);
      assertThat(late.body()).contains("did not arrive");
      assertThat(header.isClosed()).isTrue();
      assertThat(idle.isClosed()).isTrue();
      assertThat(kept.isClosed()).isTrue();
      assertThat(body.isClosed()).isTrue();
    }
  }

  private static void drip(RawHttp raw) {
    try {
      for (int i = 0; i < 40; i++) {
        Thread.sleep(100);
        raw.send("x");
      }
    } catch (Exception e) {
      // closed, as it should be
    }
  }

  @Test
  void givesUpOnSlowHandlers() {
    long before = System.nanoTime();
    var response = server.send(server.request("/slow"));
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("unavailable");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(2_500));
  }

  @Test
  void survivesClientsThatLeave() throws Exception {
    for (int i = 0; i < 20; i++) {
      try (RawHttp raw = server.raw()) {
        raw.send(server.head("POST /credit HTTP/1.1") + JSON + "Content-Length: 50\r\n\r\n{");
      }
    }
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () ->
                assertThat(server.send(server.request("/metrics")).body())
                    .containsPattern("http_server_in_flight\\{service=\"test\"\\} 1\\.0"));
  }
}
