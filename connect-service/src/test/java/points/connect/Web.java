package points.connect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calls Connect in tests. Immutable; may be shared between threads. */
final class Web {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final String BATCH = "application/cloudevents-batch+json";
  private static final String EVENT = "application/cloudevents+json";
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** What the service answered. */
  record Reply(int status, JsonNode body) {
    String code() {
      return body.path("code").asText();
    }
  }

  private final URI base;
  private final @Nullable String key;

  Web(URI base, @Nullable String key) {
    this.base = base;
    this.key = key;
  }

  Reply get(String path) {
    return send("GET", path, Map.of(), null);
  }

  Reply post(String path, String json) {
    return send("POST", path, Map.of("Content-Type", "application/json"), json);
  }

  /** Publishes events in structured mode: one, or an array. */
  Reply publish(String events) {
    return send(
        "POST", "/events", Map.of("Content-Type", events.startsWith("[") ? BATCH : EVENT), events);
  }

  Reply send(String method, String path, Map<String, String> headers, @Nullable String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(60))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    try {
      HttpResponse<String> response =
          HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
      String type = response.headers().firstValue("Content-Type").orElse("");
      String text = response.body();
      return new Reply(
          response.statusCode(),
          type.contains("json") ? JSON.readTree(text) : JSON.valueToTree(text));
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
