package points.service.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls the service in tests, one call after the other, and holds every answer to the OpenAPI
 * document. Immutable; may be shared between threads.
 *
 * <p>Bodies may be a {@code String}, which is sent as it is, or anything that Jackson writes.
 */
public final class ApiClient {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  private final OpenApi api;
  private final URI base;
  private final @Nullable String key;

  private ApiClient(OpenApi api, URI base, @Nullable String key) {
    this.api = api;
    this.base = base;
    this.key = key;
  }

  /**
   * A client without credentials.
   *
   * @param base for example {@code http://127.0.0.1:8080}
   */
  public static ApiClient at(URI base) {
    return at(base, OpenApi.points());
  }

  /** A client of another service, without credentials. */
  public static ApiClient at(URI base, OpenApi api) {
    return new ApiClient(api, base, null);
  }

  /** The same client with this API key or JWT. */
  public ApiClient as(String newKey) {
    return new ApiClient(api, base, newKey);
  }

  /** The same client without credentials. */
  public ApiClient anonymous() {
    return new ApiClient(api, base, null);
  }

  /** Reads. */
  public Answer get(String path) {
    return send("GET", path, null);
  }

  /** Posts a body of {@code application/json}. */
  public Answer post(String path, Object body) {
    return send("POST", path, body);
  }

  /**
   * Posts a body so large that to hold it to the document would take seconds; smaller ones of its
   * kind are held to it.
   */
  public Answer postLarge(String path, Object body) {
    return Answer.of(exchange("POST", path, Map.of("Content-Type", "application/json"), body));
  }

  /** Makes a call of the authorization matrix. */
  public Answer send(Call call) {
    return send(call.method(), call.path(), call.body());
  }

  /** Any method, with a JSON body or none. */
  public Answer send(String method, String path, @Nullable Object body) {
    Map<String, String> headers =
        body == null ? Map.of() : Map.of("Content-Type", "application/json");
    return send(method, path, headers, body);
  }

  /** Any method with these headers, and no others but the credentials. */
  public Answer send(
      String method, String path, Map<String, String> headers, @Nullable Object body) {
    Exchange exchange = exchange(method, path, headers, body);
    Conformance.check(api, exchange);
    return Answer.of(exchange);
  }

  private Exchange exchange(
      String method, String path, Map<String, String> headers, @Nullable Object body) {
    String text = body == null || body instanceof String ? (String) body : Json.write(body);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(PATIENCE)
            .method(
                method,
                text == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(text));
    headers.forEach(request::header);
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    HttpResponse<String> response = sent(request.build());
    return new Exchange(
        method, path, text, response.statusCode(), response.headers().map(), response.body());
  }

  private static HttpResponse<String> sent(HttpRequest request) {
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(request.method() + " " + request.uri(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
