package points.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpTest {

  @SuppressWarnings("NullAway.Init") // set before all tests
  private TestHttp server;

  @BeforeAll
  void start() {
    server = new TestHttp(Map.of("http.access_log", "all"), HttpTest::routes);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  static void routes(Http.Builder http) {
    http.hot("POST", "/credit", Permission.of("credit"), HttpTest::echo)
        .hot("POST", "/debit", Permission.of("debit"), HttpTest::echo)
        .hot("POST", "/big", Permission.of("credit"), 1_000_000, HttpTest::echo)
        .hot(
            "POST",
            "/hot-throws",
            Permission.of("credit"),
            call -> {
              throw new IllegalStateException("the secret cause");
            })
        .hot(
            "POST",
            "/hot-fails",
            Permission.of("credit"),
            call -> CompletableFuture.failedFuture(new IllegalStateException("the secret cause")))
        .blocking(
            "GET",
            "/throws",
            Permission.ANYONE,
            call -> {
              throw new IllegalStateException("the secret cause");
            })
        .blocking(
            "GET",
            "/outage",
            Permission.ANYONE,
            call -> {
              throw new java.sql.SQLException("gone", "57P01");
            })
        .blocking("GET", "/accounts/{account}/balance", Permission.of("read"), HttpTest::balance)
        .blocking(
            "GET",
            "/whoami",
            Permission.AUTHENTICATED,
            call ->
                Answer.text(
                    200,
                    "text/plain",
                    call.caller().source() + " " + Thread.currentThread().isVirtual()));
  }

  private static CompletableFuture<Answer> echo(Call call) {
    Fields fields = call.json();
    String text = fields.text("text", TextRule.anything(1, 1_000_000));
    fields.done();
    CompletableFuture<Answer> later = new CompletableFuture<>();
    Thread.startVirtualThread(
        () -> later.complete(Answer.json(201, "{\"length\":" + text.length() + "}")));
    return later;
  }

  private static Answer balance(Call call) {
    Fields query = call.query();
    long limit = query.integerOr("limit", 1, 200, 50);
    query.done();
    return Answer.text(200, "text/plain", call.path("account") + " " + limit);
  }

  @Test
  void answersHotRoutes() {
    var response = server.post("/credit", "{\"text\":\"hello\"}");
    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.body()).isEqualTo("{\"length\":5}");
    assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(response.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    assertThat(response.headers().firstValue("cache-control")).hasValue("no-store");
    assertThat(response.headers().firstValue("x-request-id").orElseThrow())
        .matches("[A-Za-z0-9._-]{1,64}");
  }

  @Test
  void answersBlockingRoutesOnVirtualThreads() {
    assertThat(server.send(server.asConnect("/whoami")).body()).isEqualTo("connect true");
  }

  @Test
  void whatIsFixedInAPathHasOneSpelling() {
    assertThat(server.send(server.asConnect("/accounts/u/balance")).statusCode()).isEqualTo(200);
    for (String path : new String[] {"/%61ccounts/u/balance", "/accounts/u/b%61lance"}) {
      assertThat(server.send(server.asConnect(path)).statusCode()).as(path).isEqualTo(404);
    }
  }

  @Test
  void refusesParametersBesideABody() {
    var response = server.post("/credit?dry_run=true", "{\"text\":\"hello\"}");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("\"dry_run\"", "is not a parameter of this call");
    assertThat(server.post("/credit?", "{\"text\":\"hello\"}").statusCode()).isEqualTo(201);
  }

  @Test
  void decodesPathsAndQueries() {
    var response = server.send(server.asConnect("/accounts/user%3A4%2F2+x/balance?limit=7"));
    assertThat(response.body()).isEqualTo("user:4/2+x 7");
    assertThat(server.send(server.asConnect("/accounts/u/balance?limit=x")).statusCode())
        .isEqualTo(400);
    assertThat(server.send(server.asConnect("/accounts/u/balance?Limit=1")).body())
        .contains("\"field\":\"Limit\"");
  }

  @Test
  void answersHeadAsGetWithoutABody() throws Exception {
    var response = server.send(server.asConnect("/whoami").method("HEAD", BodyPublishers.noBody()));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    try (RawHttp raw = server.raw()) {
      raw.send(server.head("HEAD /whoami HTTP/1.1") + "\r\n");
      assertThat(raw.read(false).header("content-length")).isEqualTo("12");
      raw.send(server.head("GET /whoami HTTP/1.1") + "\r\n");
      assertThat(raw.read().body()).isEqualTo("connect true");
    }
  }

  @Test
  void keepsHarmlessRequestIdsOnly() {
    var kept = server.send(server.request("/health/live").header("X-Request-Id", "a.B-9_"));
    assertThat(kept.headers().firstValue("x-request-id")).hasValue("a.B-9_");
    for (String bad : new String[] {"a b", "x".repeat(65), "a\"b", "é"}) {
      var replaced = server.send(server.request("/nowhere").header("X-Request-Id", bad));
      String id = replaced.headers().firstValue("x-request-id").orElseThrow();
      assertThat(id).isNotEqualTo(bad);
      assertThat(replaced.body()).contains("\"request_id\":\"" + id + "\"");
    }
  }

  @Test
  void saysWhatIsWrongAsAProblem() {
    problem(server.send(server.request("/nowhere")), 404, "not_found");
    problem(server.send(server.request("/credit/")), 404, "not_found");
    problem(server.send(server.request("//credit")), 404, "not_found");
    problem(server.send(server.request("/accounts//balance")), 404, "not_found");
    problem(server.post("/credit", "{"), 400, "invalid_request");
    problem(server.post("/credit", "{\"text\":1,\"x\":2}"), 400, "invalid_request");
    problem(server.post("/credit", "{\"text\":\"" + "x".repeat(66_000) + "\"}"), 413, "too_large");
    assertThat(server.post("/big", "{\"text\":\"" + "x".repeat(66_000) + "\"}").statusCode())
        .isEqualTo(201);
    var wrongMethod = server.send(server.request("/credit").DELETE());
    problem(wrongMethod, 405, "method_not_allowed");
    assertThat(wrongMethod.headers().firstValue("allow")).hasValue("POST");
    var wrongMethodOfGet = server.send(server.request("/accounts/a/balance").DELETE());
    assertThat(wrongMethodOfGet.headers().firstValue("allow")).hasValue("GET, HEAD");
  }

  @Test
  void takesJsonOnly() {
    for (String type :
        new String[] {
          "text/plain",
          "application/x-www-form-urlencoded",
          "application/jsonx",
          "application/json; charset=latin1",
          "application/json;charset=utf-8;x=y",
          "multipart/form-data; boundary=x"
        }) {
      var response =
          server.send(
              server
                  .asConnect("/credit")
                  .header("Content-Type", type)
                  .POST(BodyPublishers.ofString("{}")));
      problem(response, 415, "unsupported_media_type");
    }
    problem(
        server.send(server.asConnect("/credit").POST(BodyPublishers.ofString("{}"))),
        415,
        "unsupported_media_type");
    for (String type :
        new String[] {"application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\""}) {
      var response =
          server.send(
              server
                  .asConnect("/credit")
                  .header("Content-Type", type)
                  .POST(BodyPublishers.ofString("{\"text\":\"x\"}")));
      assertThat(response.statusCode()).isEqualTo(201);
    }
  }

  @Test
  void asksForCredentialsThenPermission() {
    var without = server.send(server.request("/credit").POST(BodyPublishers.ofString("nonsense")));
    problem(without, 401, "unauthenticated");
    assertThat(without.headers().firstValue("www-authenticate")).hasValue("Bearer");
    for (String header :
        new String[] {"Basic eDp5", "Bearer", "Bearer ", "Bearer x", "Bearer pk_connect_x", "pk"}) {
      var wrong =
          server.send(
              server
                  .request("/credit")
                  .header("Authorization", header)
                  .POST(BodyPublishers.noBody()));
      problem(wrong, 401, "unauthenticated");
    }
    problem(server.post("/debit", "nonsense"), 403, "operation_not_allowed");
    problem(
        server.send(
            server
                .request("/credit")
                .header("Authorization", "Bearer " + server.questKey.reveal())
                .POST(BodyPublishers.noBody())),
        403,
        "operation_not_allowed");
  }

  @Test
  void neverShowsTheCause() {
    for (var response :
        new java.net.http.HttpResponse<?>[] {
          server.send(server.request("/throws")),
          server.post("/hot-throws", "{}"),
          server.post("/hot-fails", "{}")
        }) {
      problem(response, 500, "internal");
      assertThat(response.body().toString()).doesNotContain("secret").doesNotContain("Exception");
    }
    var outage = server.send(server.request("/outage"));
    problem(outage, 503, "unavailable");
    assertThat(outage.headers().firstValue("retry-after")).hasValue("1");
  }

  @Test
  void tellsHealthAndMetrics() {
    assertThat(server.send(server.request("/health/live")).body()).isEqualTo("{\"status\":\"up\"}");
    var ready = server.send(server.request("/health/ready"));
    assertThat(ready.statusCode()).isEqualTo(200);
    server.send(server.asConnect("/accounts/a-very-special-name/balance"));
    String metrics = server.send(server.request("/metrics")).body();
    assertThat(metrics)
        .contains("route=\"/accounts/{account}/balance\"")
        .contains("http_server_requests_seconds_bucket")
        .contains("jvm_memory_used_bytes")
        .contains("hikaricp_connections")
        .contains("service=\"test\"")
        .doesNotContain("special-name");
  }

  private static void problem(java.net.http.HttpResponse<?> response, int status, String code) {
    assertThat(response.statusCode()).as(String.valueOf(response.body())).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(String.valueOf(response.body()))
        .contains("\"type\":\"/docs/errors#" + code + "\"")
        .contains("\"status\":" + status)
        .contains("\"code\":\"" + code + "\"")
        .contains("\"title\":", "\"detail\":", "\"request_id\":");
  }
}
