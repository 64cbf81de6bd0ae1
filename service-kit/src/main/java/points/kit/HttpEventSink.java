package points.kit;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/**
 * Delivers events by HTTP, a batch at a time, to {@code {address}/events}. 202 means that they are
 * durable there. 400, 413 and {@code event_conflict} concern the events themselves; all else, a
 * wrong key included, may be mended over there, so it is tried again.
 */
final class HttpEventSink implements EventSink {

  private static final int EVENTS_MAX = 500;
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final int REASON_LENGTH_MAX = 500;
  private static final int ANSWER_BYTES_MAX = 1 << 20;

  private final HttpClient client;
  private final URI events;
  private final Secret key;

  HttpEventSink(URI receiver, Secret key) {
    String base = receiver.toString();
    this.events = URI.create((base.endsWith("/") ? base : base + "/") + "events");
    this.key = key;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TIMEOUT)
            .build();
  }

  @Override
  public int eventsMax() {
    return EVENTS_MAX;
  }

  @Override
  public Delivery deliver(List<CloudEvent> batch) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(events)
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + key.reveal())
            .header("Content-Type", "application/cloudevents-batch+json")
            .POST(HttpRequest.BodyPublishers.ofString(CloudEvent.toJson(batch)))
            .build();
    try {
      return judge(
          client.send(
              request,
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofString(), ANSWER_BYTES_MAX)));
    } catch (IOException e) {
      String message = String.valueOf(e.getMessage());
      return new Delivery.Later(
          events + " is out of reach: " + e.getClass().getSimpleName() + " " + message,
          Duration.ZERO);
    }
  }

  private Delivery judge(HttpResponse<String> response) {
    int status = response.statusCode();
    if (status == 202) {
      return new Delivery.Arrived();
    }
    String answer = response.body();
    String told = answer.length() > REASON_LENGTH_MAX ? answer.substring(0, 500) : answer;
    String reason = "status " + status + " " + told;
    boolean refused =
        status == 400 || status == 413 || (status == 409 && hasCode(answer, "event_conflict"));
    return refused
        ? new Delivery.Refused(reason)
        : new Delivery.Later(events + " says " + reason, wait(response));
  }

  private static boolean hasCode(String answer, String code) {
    try {
      return code.equals(StrictJson.MAPPER.readTree(answer).path("code").asText());
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static Duration wait(HttpResponse<?> response) {
    String text = response.headers().firstValue("Retry-After").orElse("");
    return text.matches("[0-9]{1,4}") ? Duration.ofSeconds(Integer.parseInt(text)) : Duration.ZERO;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
