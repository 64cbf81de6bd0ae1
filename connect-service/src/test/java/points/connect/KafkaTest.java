package points.connect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import points.kit.SettingsException;
import points.kit.TestPostgres;
import points.service.TestService;

/** Events that come by Kafka, from a real broker. */
class KafkaTest {
  private static final TestKafka KAFKA = TestKafka.start();
  private static final Duration TIME = Duration.ofSeconds(60);

  @AfterAll
  static void stop() {
    KAFKA.close();
  }

  private static Map<String, String> settings(String topic, String group) {
    return Map.of(
        "rules.folder",
        TestConnect.RULES.toString(),
        "kafka.bootstrap",
        KAFKA.bootstrap(),
        "kafka.topics",
        topic + "=quest",
        "kafka.group",
        group,
        "database.patience",
        "300ms");
  }

  private static TestConnect connect(String topic, String group) {
    return TestConnect.start(TestService.shared(), settings(topic, group));
  }

  private static void awaitCommitted(String group, String topic, long messages) {
    await().atMost(TIME).until(() -> KAFKA.committed(group, topic) == messages);
  }

  private static ProducerRecord<String, String> quest(String topic, String user) {
    return TestKafka.structured(topic, Events.questCompleted(Events.fresh("e"), user));
  }

  private static ProducerRecord<String, String> binary(
      String topic, String data, Map<String, String> headers) {
    ProducerRecord<String, String> message = new ProducerRecord<>(topic, data);
    headers.forEach((name, value) -> message.headers().add(name, value.getBytes(UTF_8)));
    return message;
  }

  @Test
  void whatAnOutboxWritesIsCredited() {
    String topic = KAFKA.newTopic(3);
    String user = Events.fresh("u");
    try (TestConnect connect = connect(topic, topic);
        TestOutbox outbox = new TestOutbox(KAFKA, topic, "quest")) {
      List<ObjectNode> events = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        events.add(Web.JSON.createObjectNode().put("quest_id", "q" + i).put("user_id", user));
      }
      outbox.write(user, "quest.completed", events);
      await().atMost(TIME).until(() -> connect.balance("user:" + user) == 5_000);
      awaitCommitted(topic, topic, 50);
    }
  }

  @Test
  void bothModesMeanTheSameAlsoOverHttp() {
    String topic = KAFKA.newTopic(1);
    String user = Events.fresh("u");
    String id = Events.fresh("e");
    String event = Events.questCompleted(id, user);
    try (TestConnect connect = connect(topic, topic)) {
      KAFKA.send(
          List.of(
              TestKafka.structured(topic, event),
              new ProducerRecord<>(topic, event),
              binary(
                  topic,
                  "{\"user_id\":\"" + user + "\",\"quest_id\":\"q1\"}",
                  Map.of(
                      "content-type", "application/json",
                      "ce_specversion", "1.0",
                      "ce_source", "quest",
                      "ce_id", id,
                      "ce_type", "quest.completed",
                      "ce_time", "2026-11-22T18:00:00Z"))));
      awaitCommitted(topic, topic, 3);
      assertThat(connect.as("quest").publish(event).body().path("duplicates").asInt()).isEqualTo(1);
      connect.awaitQuiet();
      assertThat(connect.balance("user:" + user)).isEqualTo(100);
      assertThat(connect.number("SELECT count(*) FROM dead_letter")).isZero();
    }
  }

  @Test
  void whatDoesNotFitBecomesADeadLetterOnceAndItsNeighboursFlow() {
    String topic = KAFKA.newTopic(1);
    String user = Events.fresh("u");
    String known = Events.fresh("e");
    List<ProducerRecord<String, String>> messages = new ArrayList<>();
    messages.add(TestKafka.structured(topic, Events.questCompleted(known, user)));
    messages.add(TestKafka.structured(topic, Events.questCompleted(known, "somebody-else")));
    messages.add(TestKafka.structured(topic, Events.voucherRefunded(Events.fresh("e"), "p1")));
    messages.add(
        TestKafka.structured(
            topic,
            Events.questCompleted(Events.fresh("e"), user)
                .replace("\"source\":\"quest\"", "\"source\":\"voucher\"")));
    messages.add(quest(topic, user));
    messages.add(TestKafka.structured(topic, "no JSON"));
    messages.add(new ProducerRecord<>(topic, null));
    messages.add(quest(topic, user));
    messages.add(TestKafka.structured(topic, "[".repeat(100_000)));
    messages.add(binary(topic, "{}", Map.of("content-type", "application/cloudevents-batch+json")));
    messages.add(binary(topic, "{}", Map.of("content-type", "image/png", "ce_id", "1")));
    messages.add(binary(topic, "{}", Map.of("ce_specversion", "1.0", "ce_id", "\0")));
    messages.add(TestKafka.structured(topic, "\"\0" + "😀".repeat(100_000)));
    messages.add(
        TestKafka.structured(topic, Events.event("quest.completed", Events.fresh("e"), "{}")));
    messages.add(quest(topic, user));
    KAFKA.send(messages);
    try (TestConnect connect = connect(topic, topic)) {
      awaitCommitted(topic, topic, messages.size());
      connect.awaitQuiet();
      requireLetters(connect, user);
      // From the beginning again, as another group does.
      String another = Events.fresh("group-");
      try (TestConnect _ = connect.another(settings(topic, another))) {
        awaitCommitted(another, topic, messages.size());
      }
      connect.awaitQuiet();
      requireLetters(connect, user);
    }
  }

  private static void requireLetters(TestConnect connect, String user) {
    assertThat(connect.balance("user:" + user)).isEqualTo(400);
    assertThat(connect.number("SELECT count(*) FROM dead_letter")).isEqualTo(11);
    assertThat(connect.number("SELECT count(*) FROM dead_letter WHERE event_seq IS NULL"))
        .isEqualTo(10);
    assertThat(connect.number("SELECT count(*) FROM dead_letter WHERE reason LIKE '%quest/… only'"))
        .isEqualTo(1);
    assertThat(connect.number("SELECT count(*) FROM dead_letter WHERE reason LIKE '%quest.* only'"))
        .isEqualTo(1);
    assertThat(
            connect.number(
                "SELECT count(*) FROM dead_letter WHERE reason LIKE 'another event%'"
                    + " AND origin LIKE 'kafka topic-%/0@1'"))
        .isEqualTo(1);
    assertThat(connect.number("SELECT count(*) FROM event")).isEqualTo(5);
  }

  @Test
  void fromTheBeginningAgainEverythingIsADuplicate() {
    String topic = KAFKA.newTopic(4);
    String user = Events.fresh("u");
    int events = 1_000;
    List<ProducerRecord<String, String>> messages = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      messages.add(quest(topic, user + "-" + i % 7));
    }
    KAFKA.send(messages);
    try (TestConnect connect = connect(topic, topic)) {
      awaitCommitted(topic, topic, events);
      String again = Events.fresh("group-");
      try (TestConnect _ = connect.another(settings(topic, again))) {
        awaitCommitted(again, topic, events);
      }
      requireCredited(connect, events);
      assertThat(connect.balance("user:" + user + "-0")).isEqualTo(14_300);
    }
  }

  private static void requireCredited(TestConnect connect, long events) {
    connect.awaitQuiet();
    assertThat(connect.number("SELECT count(*) FROM event WHERE state = 'processed'"))
        .isEqualTo(events);
    assertThat(
            connect.number(
                "SELECT count(DISTINCT transaction_id) FROM reward_action"
                    + " WHERE state = 'credited' AND points = 100"))
        .isEqualTo(events);
  }

  @Test
  void readersComeAndGoAndEveryEventCountsOnce() throws InterruptedException {
    String topic = KAFKA.newTopic(4);
    String user = Events.fresh("u");
    int parts = 12;
    long events = 1_200;
    try (TestConnect connect = connect(topic, topic)) {
      Thread writer =
          Thread.startVirtualThread(
              () -> {
                for (int part = 0; part < parts; part++) {
                  List<ProducerRecord<String, String>> messages = new ArrayList<>();
                  for (int i = 0; i < events / parts; i++) {
                    messages.add(quest(topic, user));
                  }
                  KAFKA.send(messages);
                  pause(150);
                }
              });
      for (int i = 0; i < 3; i++) {
        try (TestConnect _ = connect.another(settings(topic, topic))) {
          pause(500);
        }
      }
      connect.restart();
      writer.join();
      awaitCommitted(topic, topic, events);
      requireCredited(connect, events);
      assertThat(connect.balance("user:" + user)).isEqualTo(100 * events);
      assertThat(connect.number("SELECT count(*) FROM dead_letter")).isZero();
    }
  }

  @Test
  void theBrokerDiesAndEveryEventCountsOnce() {
    String topic = KAFKA.newTopic(3);
    int part = 100;
    int kills = 2;
    List<ObjectNode> events =
        IntStream.range(0, part)
            .mapToObj(i -> Web.JSON.createObjectNode().put("quest_id", "q" + i))
            .toList();
    try (TestConnect connect = connect(topic, topic);
        TestOutbox outbox = new TestOutbox(KAFKA, topic, "quest")) {
      for (int i = 0; i < kills; i++) {
        String user = Events.fresh("u");
        events.forEach(event -> event.put("user_id", user));
        outbox.write(user, "quest.completed", events);
        pause(100L * i); // so that it dies at other moments of their way
        KAFKA.kill();
        outbox.write(user, "quest.completed", events);
        pause(500);
        KAFKA.restart();
      }
      int all = 2 * part * kills;
      await().atMost(TIME).until(() -> connect.number("SELECT count(*) FROM event") == all);
      requireCredited(connect, all);
      assertThat(connect.number("SELECT count(*) FROM dead_letter")).isZero();
    }
  }

  @Test
  void whileTheDatabaseIsAwayMessagesWait() {
    String topic = KAFKA.newTopic(2);
    String user = Events.fresh("u");
    try (TestPostgres postgres = TestPostgres.start(Map.of());
        TestConnect connect =
            TestConnect.start(
                TestService.shared(), postgres.newDatabase(), settings(topic, topic))) {
      KAFKA.send(List.of(quest(topic, user)));
      awaitCommitted(topic, topic, 1);
      postgres.kill();
      KAFKA.send(List.of(quest(topic, user), TestKafka.structured(topic, "no JSON")));
      pause(1_500); // more than the service's patience
      assertThat(KAFKA.committed(topic, topic)).isEqualTo(1);
      postgres.restart();
      awaitCommitted(topic, topic, 3);
      requireCredited(connect, 2);
      assertThat(connect.number("SELECT count(*) FROM dead_letter")).isEqualTo(1);
    }
  }

  @Test
  void furtherPropertiesReachTheConsumerAndChangeNothingThatCounts(@TempDir Path folder)
      throws IOException {
    String topic = KAFKA.newTopic(1);
    Path file = folder.resolve("kafka.properties");
    Files.writeString(
        file,
        """
        # As for TLS and SASL
        security.protocol = PLAINTEXT
        client.id = connect-of-this-test
        group.id = another-group
        enable.auto.commit = true
        """);
    Map<String, String> settings = new HashMap<>(settings(topic, topic));
    settings.put("kafka.properties", file.toString());
    String user = Events.fresh("u");
    KAFKA.send(List.of(quest(topic, user)));
    try (TestConnect connect = TestConnect.start(TestService.shared(), settings)) {
      awaitCommitted(topic, topic, 1);
      assertThat(KAFKA.clients(topic)).containsExactly("connect-of-this-test");
      requireCredited(connect, 1);
    }
    Files.writeString(file, "security.protocol = NONSENSE");
    requireRefused(settings);
    settings.put("kafka.properties", folder.resolve("none").toString());
    requireRefused(settings);
  }

  private static void requireRefused(Map<String, String> settings) {
    assertThatThrownBy(() -> TestConnect.start(TestService.shared(), settings).close())
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("kafka.properties");
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
