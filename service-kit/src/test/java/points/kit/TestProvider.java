package points.kit;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** An OpenID Connect provider with real keys, as far as its metadata and its key set go. */
public final class TestProvider implements AutoCloseable {

  private final HttpServer server;
  private final AtomicInteger requests = new AtomicInteger();
  private volatile String claimed;

  /** Starts one on a port of the system's choosing, with these public keys. */
  public TestProvider(JWK... keys) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    claimed = issuer();
    String keySet = new JWKSet(List.of(keys)).toString();
    serve("/keys", () -> keySet);
    serve(
        "/.well-known/openid-configuration",
        () -> "{\"issuer\":\"" + claimed + "\",\"jwks_uri\":\"" + issuer() + "/keys\"}");
    server.start();
  }

  private void serve(String path, Supplier<String> json) {
    server.createContext(
        path,
        exchange -> {
          requests.incrementAndGet();
          byte[] body = json.get().getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  /** What it calls itself: its address. */
  public String issuer() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Lies about who it is. */
  void claimIssuer(String issuer) {
    claimed = issuer;
  }

  int requests() {
    return requests.get();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
