package points.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How events come in: modes, duplicates, conflicts, strangers, poison. */
class PublishingTest {
  private static final TestConnect CONNECT = TestConnect.start();
  private static final Web QUEST = CONNECT.as("quest");

  @AfterAll
  static void stop() {
    CONNECT.close();
  }

  @Test
  void allModesMeanTheSame() {
    String id = Events.fresh("e");
    String user = Events.fresh("u");
    String event = Events.questCompleted(id, user);
    assertThat(QUEST.publish(event).body().toString())
        .isEqualTo("{\"accepted\":1,\"duplicates\":0}");
    assertThat(QUEST.publish("[" + event + "]").body().toString())
        .isEqualTo("{\"accepted\":0,\"duplicates\":1}");
    assertThat(QUEST.post("/events", event).body().path("duplicates").asInt()).isEqualTo(1);
    Web.Reply binary =
        QUEST.send(
            "POST",
            "/events",
            Map.of(
                "Content-Type", "application/json; charset=utf-8",
                "ce-specversion", "1.0",
                "ce-source", "quest",
                "ce-id", id,
                "ce-type", "quest.completed",
                "ce-time", "2026-11-22T18:00:00Z"),
            "{\"user_id\":\"" + user + "\", \"quest_id\":\"q1\"}");
    assertThat(binary.body().toString()).isEqualTo("{\"accepted\":0,\"duplicates\":1}");
  }

  @Test
  void anotherEventUnderTheSameNameIsAConflictAndItsNeighboursAreTaken() {
    String id = Events.fresh("e");
    String user = Events.fresh("u");
    QUEST.publish(Events.questCompleted(id, user));
    List<String> batch =
        List.of(
            Events.questCompleted(Events.fresh("e"), user),
            Events.questCompleted(id, "somebody-else"),
            Events.questCompleted(Events.fresh("e"), user));
    Web.Reply reply = QUEST.publish(Events.batch(batch));
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.code()).isEqualTo("event_conflict");
    assertThat(reply.body().at("/conflicts/0/id").asText()).isEqualTo(id);
    assertThat(reply.body().path("accepted").asInt()).isEqualTo(2);
    CONNECT.awaitQuiet();
    assertThat(CONNECT.balance("user:" + user)).isEqualTo(300);
    assertThat(CONNECT.balance("user:somebody-else")).isZero();
  }

  @Test
  void oneNameTwiceInABatchIsADuplicateOrAConflict() {
    String id = Events.fresh("e");
    String user = Events.fresh("u");
    String event = Events.questCompleted(id, user);
    assertThat(QUEST.publish(Events.batch(List.of(event, event))).body().toString())
        .isEqualTo("{\"accepted\":1,\"duplicates\":1}");
    String other = Events.fresh("e");
    Web.Reply reply =
        QUEST.publish(
            Events.batch(
                List.of(Events.questCompleted(other, user), Events.questCompleted(other, "x"))));
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.body().path("accepted").asInt()).isEqualTo(1);
  }

  @Test
  void aPublisherPublishesItsOwnTypesOnly() {
    Web.Reply reply = QUEST.publish(Events.voucherRefunded(Events.fresh("e"), "p1"));
    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.code()).isEqualTo("operation_not_allowed");
    assertThat(CONNECT.as("admin").publish(Events.questCompleted("x", "y")).status())
        .isEqualTo(403);
    assertThat(CONNECT.anonymous().publish(Events.questCompleted("x", "y")).status())
        .isEqualTo(401);
  }

  @Test
  void dataThatDoesNotFitBecomesADeadLetterAndItsNeighboursFlow() {
    String user = Events.fresh("u");
    String poison = Events.fresh("e");
    List<String> batch = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      batch.add(
          i == 50
              ? Events.event("quest.completed", poison, "{\"quest_id\":7}")
              : Events.questCompleted(Events.fresh("e"), user));
    }
    batch.add(Events.event("quest.unheard_of", Events.fresh("e"), "{}"));
    assertThat(QUEST.publish(Events.batch(batch)).body().path("accepted").asInt()).isEqualTo(101);
    CONNECT.awaitQuiet();
    assertThat(CONNECT.balance("user:" + user)).isEqualTo(9_900);
    assertThat(
            CONNECT.number(
                "SELECT count(*) FROM dead_letter JOIN event USING (event_seq)"
                    + " WHERE event.state = 'dead' AND reason LIKE '%user_id%' AND event.id = '"
                    + poison
                    + "'"))
        .isEqualTo(1);
    assertThat(
            CONNECT.number(
                "SELECT count(*) FROM dead_letter WHERE reason LIKE 'there is no schema%'"))
        .isPositive();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                                                  | specversion
          {"specversion":"0.3"}                                               | specversion
          {"specversion":"1.0","id":"a","type":"quest.completed"}             | source
          {"specversion":"1.0","source":"q","id":" a","type":"quest.completed"} | id
          {"specversion":"1.0","source":"q","id":"a","type":"Quest!"}         | type
          {"specversion":"1.0","source":"q","id":"a","type":"quest.completed","time":"now"} | time
          {"specversion":"1.0","source":"q","id":"a","type":"quest.completed","data_base64":""} | data_base64
          {"specversion":"1.0","source":"q","id":"a","type":"quest.completed","a-b":1} | attributes
          {"specversion":"1.0","source":"q","id":"a","type":"quest.completed","x":{}} | x
          {"specversion":"1.0","source":"q","id":null,"type":"quest.completed"} | id
          {"specversion":"1.0","source":"q","id":"a","id":"b"}                | id
          [1]                                                                 | [0]
          []                                                                  | body
          """)
  void hostileEnvelopesAreRefused(String event, String field) {
    Web.Reply reply = QUEST.publish(event);
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(400);
    assertThat(reply.body().at("/errors/0/field").asText()).isEqualTo(field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ["a"]                                                   | data does not fit
          {"user_id":"%s"}                                        | quest_id
          {"user_id":"%s","quest_id":7}                           | quest_id
          {"user_id":"%s","quest_id":null}                        | quest_id
          {"user_id":["%s"],"quest_id":"q"}                       | user_id
          {"user_id":"","quest_id":"q"}                           | user_id
          {"user_id":"a b","quest_id":"q"}                        | user_id
          {"user_id":"%s","quest_id":{"a":{"b":{"c":[1,2,3]}}}}   | quest_id
          null                                                    | data
          1e400                                                   | data
          """)
  void hostileDataBecomesADeadLetter(String data, String reason) {
    String id = Events.fresh("e");
    String user = Events.fresh("u");
    Web.Reply reply = QUEST.publish(Events.event("quest.completed", id, data.replace("%s", user)));
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(202);
    assertThat(
            CONNECT.text(
                "SELECT reason FROM dead_letter JOIN event USING (event_seq) WHERE event.id = '"
                    + id
                    + "'"))
        .contains(reason);
    assertThat(CONNECT.balance("user:" + user)).isZero();
  }

  @Test
  void duplicateKeysAndStrangeCharactersAreRefused() {
    String id = Events.fresh("e");
    String data = "{\"quest_id\":\"q\",\"user_id\":\"a\",\"user_id\":\"b\"}";
    assertThat(QUEST.publish(Events.event("quest.completed", id, data)).status()).isEqualTo(400);
    for (String text : List.of("\\u0000", "\\ud800")) {
      String strange = "{\"quest_id\":\"" + text + "\",\"user_id\":\"a\"}";
      assertThat(QUEST.publish(Events.event("quest.completed", id, strange)).status())
          .isEqualTo(400);
    }
    Web.Reply binary =
        QUEST.send(
            "POST",
            "/events",
            Map.of(
                "Content-Type", "application/json",
                "ce-specversion", "1.0",
                "ce-source", "quest",
                "ce-id", id,
                "ce-type", "quest.completed",
                "ce-subject", "a%00b"),
            "{\"user_id\":\"u\",\"quest_id\":\"q1\"}");
    assertThat(binary.status()).isEqualTo(400);
    assertThat(binary.body().at("/errors/0/field").asText()).isEqualTo("subject");
    assertThat(CONNECT.number("SELECT count(*) FROM event WHERE id = '" + id + "'")).isZero();
  }

  @Test
  void aLargestVoucherIsSplitToTheLastPoint() {
    List<String> spacers = new ArrayList<>();
    String spacer = Events.fresh("s");
    for (int i = 0; i < 100; i++) {
      spacers.add("\"" + spacer + "-" + i + "\"");
    }
    String event =
        Events.voucherPurchased(
            Events.fresh("e"), Events.fresh("b"), Events.fresh("p"), spacers.toString());
    Web.Reply reply = CONNECT.as("voucher").publish(event);
    assertThat(reply.body().path("accepted").asInt()).isEqualTo(1);
    CONNECT.awaitQuiet();
    assertThat(
            CONNECT.number(
                "SELECT coalesce(sum(points), 0) FROM reward_action WHERE account LIKE 'space:"
                    + spacer
                    + "-%'"))
        .isEqualTo(50);
  }

  @Test
  void tooManyBytesAreRefusedAndTheConnectionIsOfUseAgain() {
    String large = Events.questCompleted(Events.fresh("e"), "u".repeat(10 * 1024 * 1024));
    for (String body : List.of(large, Events.batch(List.of(large)))) {
      try {
        assertThat(QUEST.publish(body).status()).isEqualTo(413);
      } catch (java.io.UncheckedIOException e) {
        // The service need not read to the end what it has refused.
      }
    }
    assertThat(QUEST.publish(Events.questCompleted(Events.fresh("e"), "u")).status())
        .isEqualTo(202);
  }

  @Test
  void tooManyAndTooMuchIsRefused() {
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 501; i++) {
      many.add(Events.questCompleted("m" + i, "u"));
    }
    assertThat(QUEST.publish(Events.batch(many)).status()).isEqualTo(400);
    String deep = "[".repeat(40) + "]".repeat(40);
    assertThat(QUEST.publish(deep).status()).isEqualTo(400);
    Web.Reply text = QUEST.send("POST", "/events", Map.of("Content-Type", "text/plain"), "hello");
    assertThat(text.status()).isEqualTo(415);
  }
}
