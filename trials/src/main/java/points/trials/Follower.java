package points.trials;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A reader of {@code /internal/events} that follows all along, by the position it was last given.
 * It starts its own thread; what it has seen is read after {@link #stop}.
 */
final class Follower implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A transaction that it was told of. */
  record Seen(String transactionId, String account) {}

  private final List<URI> services;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Seen> seen = new ArrayList<>();
  private final Thread thread;
  private volatile boolean stopping;
  private String position = "";
  private int turn;

  Follower(List<URI> services) {
    this.services = services;
    this.thread = Thread.ofPlatform().name("follower").start(this::follow);
  }

  private void follow() {
    while (!stopping) {
      try {
        if (read() == 0) {
          Server.pause(50);
        }
      } catch (IOException e) {
        Server.pause(100); // the next service then
      }
    }
  }

  /** Reads one page; how many were on it. */
  private int read() throws IOException {
    String query = "/internal/events?limit=500" + (position.isEmpty() ? "" : "&after=" + position);
    HttpRequest request =
        HttpRequest.newBuilder(services.get(turn++ % services.size()).resolve(query))
            .timeout(Duration.ofSeconds(5))
            .header("Authorization", "Bearer " + Field.key("admin"))
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException("status " + response.statusCode());
      }
      JsonNode page = JSON.readTree(response.body());
      JsonNode events = page.path("events");
      for (JsonNode event : events) {
        JsonNode data = event.path("data");
        seen.add(new Seen(data.path("transaction_id").asText(), data.path("account").asText()));
      }
      position = page.path("next").asText();
      return events.size();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopping = true;
      return 0;
    }
  }

  /**
   * Reads to the end and stops.
   *
   * @param expected how many there are to be seen
   */
  List<Seen> stop(long expected) throws IOException, InterruptedException {
    stopping = true;
    thread.join();
    long giveUp = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (seen.size() < expected && System.nanoTime() < giveUp) {
      if (read() == 0) {
        Server.pause(100);
      }
    }
    return seen;
  }

  @Override
  public void close() {
    stopping = true;
    thread.interrupt();
    http.shutdownNow();
  }
}
