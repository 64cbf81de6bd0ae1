package points.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two envelopes that mean the same are the same event, and what means nothing is refused. */
class EnvelopesTest {
  private static final TestConnect CONNECT = TestConnect.start();
  private static final Web QUEST = CONNECT.as("quest");

  @AfterAll
  static void stop() {
    CONNECT.close();
  }

  private static Map<String, String> headers(String id) {
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", "application/json");
    headers.put("ce-specversion", "1.0");
    headers.put("ce-source", "quest");
    headers.put("ce-id", id);
    headers.put("ce-type", "quest.completed");
    return headers;
  }

  @ParameterizedTest
  @CsvSource({
    "1.10, 1.1",
    "1.0, 1",
    "1e2, 100",
    "-0.0, 0",
    "1E400, 10e399",
    "1000000000000000000000000000000, 1e30",
    "0.5, 5e-1"
  })
  void howANumberIsWrittenMakesNoOtherEvent(String one, String other) {
    String id = Events.fresh("e");
    String data = "{\"quest_id\":\"q\",\"user_id\":\"u\",\"x\":[%s]}";
    assertThat(QUEST.publish(Events.event("quest.completed", id, data.formatted(one))).status())
        .isEqualTo(202);
    Web.Reply again = QUEST.publish(Events.event("quest.completed", id, data.formatted(other)));
    assertThat(again.body().path("duplicates").asInt()).as(again.body().toString()).isEqualTo(1);
    Web.Reply different = QUEST.publish(Events.event("quest.completed", id, data.formatted("7")));
    assertThat(different.code()).isEqualTo("event_conflict");
  }

  @Test
  void anAttributeThatIsNullIsAbsent() {
    String id = Events.fresh("e");
    String event = Events.questCompleted(id, "u");
    String nulls = event.replace("\"datacontenttype\"", "\"subject\":null,\"datacontenttype\"");
    assertThat(QUEST.publish(event).body().path("accepted").asInt()).isEqualTo(1);
    assertThat(QUEST.publish(nulls).body().path("duplicates").asInt()).isEqualTo(1);
    String timeless =
        Events.questCompleted(Events.fresh("e"), "u").replace("\"2026-11-22T18:00:00Z\"", "null");
    assertThat(QUEST.publish(timeless).status()).isEqualTo(202);
  }

  @Test
  void aHeadersValueMayBeInQuotes() {
    String id = Events.fresh("e");
    Map<String, String> headers = headers("\"" + id + "\"");
    headers.put("ce-subject", "\"a \\\"b\\\" %E2%82%AC\"");
    String data = "{\"user_id\":\"u\",\"quest_id\":\"q1\"}";
    assertThat(QUEST.send("POST", "/events", headers, data).status()).isEqualTo(202);
    assertThat(CONNECT.text("SELECT body->>'subject' FROM event WHERE id = '" + id + "'"))
        .isEqualTo("a \"b\" €");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"user_id\":\"u\",\"quest_id\":\"q1\"}"})
  void dataIsNoAttribute(String body) {
    Map<String, String> headers = headers(Events.fresh("e"));
    headers.put("ce-data", "x");
    Web.Reply reply = QUEST.send("POST", "/events", headers, body);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body().at("/errors/0/field").asText()).isEqualTo("data");
  }

  @Test
  void anAttributeThatIsThereTwiceIsRefused() throws IOException {
    URI url = URI.create(CONNECT.url());
    String id = Events.fresh("e");
    StringBuilder request = new StringBuilder("POST /events HTTP/1.1\r\nHost: x\r\n");
    headers(id).forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
    request
        .append("CE-ID: another\r\nAuthorization: Bearer ")
        .append(CONNECT.key("quest"))
        .append("\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 400").contains("ce-id").contains("there twice");
    }
  }

  @Test
  void anotherMediaTypeIsToldWhichOnesAreTaken() {
    Web.Reply reply = QUEST.send("POST", "/events", Map.of("Content-Type", "text/plain"), "hello");
    assertThat(reply.status()).isEqualTo(415);
    assertThat(reply.body().path("title").asText()).doesNotContain("json");
    assertThat(reply.body().path("detail").asText())
        .contains("application/cloudevents+json")
        .contains("application/cloudevents-batch+json");
  }
}
