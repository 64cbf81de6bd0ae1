package points.allinone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/** Calls the services of a running system as their callers do, over HTTP. Used by one thread. */
final class Stage implements AutoCloseable {
  /** A service, by how far its port is from that of Points Service. */
  enum Of {
    POINTS(0),
    CONNECT(1),
    REFERRAL(2),
    QUEST(3),
    VOUCHER(4),
    RIELT(5);

    private final int portsOn;

    Of(int portsOn) {
      this.portsOn = portsOn;
    }
  }

  /**
   * What was answered.
   *
   * @param body JSON
   */
  record Answer(int status, JsonNode body) {
    /** A member of the body. */
    String text(String name) {
      return body.path(name).asText();
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;
  private final Function<String, String> keys;

  /**
   * A stage.
   *
   * @param port of Points Service on this machine; the others count from it
   * @param keys the API key of each caller
   */
  Stage(int port, Function<String, String> keys) {
    this.port = port;
    this.keys = keys;
  }

  /** What a GET is answered. */
  Answer get(Of service, String caller, String path) throws IOException, InterruptedException {
    return send(request(service, caller, path).GET());
  }

  /** What a POST is answered, whatever its status. */
  Answer post(Of service, String caller, String path, Map<String, ?> body)
      throws IOException, InterruptedException {
    return send(
        request(service, caller, path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))));
  }

  /**
   * What a POST made or moved; what is still under way is waited for.
   *
   * @param self where to look how it stands, given the answer's body
   * @throws DemoFailed if it was refused
   */
  Answer done(
      Of service, String caller, String path, Map<String, ?> body, Function<JsonNode, String> self)
      throws IOException, InterruptedException {
    Answer answer = post(service, caller, path, body);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (answer.status() == 202 && System.nanoTime() < deadline) {
      Thread.sleep(PAUSE);
      answer = get(service, caller, self.apply(answer.body()));
    }
    if (answer.status() != 200 && answer.status() != 201) {
      throw new DemoFailed(path + " answered " + answer.status() + " " + answer.body());
    }
    return answer;
  }

  /** How many points an account can spend. */
  long available(String account) throws IOException, InterruptedException {
    Answer answer = get(Of.POINTS, "admin", "/internal/accounts/" + account + "/balance");
    if (answer.status() != 200) {
      throw new DemoFailed("the balance of " + account + " answered " + answer.body());
    }
    return answer.body().path("available").asLong();
  }

  /**
   * Waits until an account has so many points to spend: rewards come by way of events.
   *
   * @throws DemoFailed if they don't come
   */
  void await(String account, long points) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long now = available(account);
    while (now != points && System.nanoTime() < deadline) {
      Thread.sleep(PAUSE);
      now = available(account);
    }
    if (now != points) {
      throw new DemoFailed(
          account
              + " has "
              + now
              + " points and should have "
              + points
              + "; are these the rules that were shipped?");
    }
  }

  private HttpRequest.Builder request(Of service, String caller, String path) {
    URI address = URI.create("http://127.0.0.1:" + (port + service.portsOn) + path);
    return HttpRequest.newBuilder(address)
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + keys.apply(caller));
  }

  private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return new Answer(answer.statusCode(), JSON.readTree(answer.body()));
  }

  @Override
  public void close() {
    http.close();
  }
}
