package points.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import points.kit.SettingsException;
import points.service.TestService;

/** Nobody publishes under another's name, and a name means one event, whoever comes first. */
class OwnEventsTest {
  private static final TestConnect CONNECT =
      TestConnect.start(
          TestService.shared(),
          Map.of(
              "rules.folder", TestConnect.RULES.toString(), "events.sources", "quest=urn:quests:"));

  @AfterAll
  static void stop() {
    CONNECT.close();
  }

  private static String from(String source, String id, String user) {
    return Events.questCompleted(id, user)
        .replace("\"source\":\"quest\"", "\"source\":\"" + source + "\"");
  }

  @Test
  void aPublisherCannotTakeTheNameOfAnothersEvent() {
    String id = Events.fresh("e");
    Web.Reply squatting = CONNECT.as("quest").publish(from("voucher", id, "u"));
    assertThat(squatting.status()).isEqualTo(403);
    assertThat(squatting.code()).isEqualTo("operation_not_allowed");
    Web.Reply real =
        CONNECT.as("voucher").publish(Events.voucherPurchased(id, Events.fresh("b"), "p", "[]"));
    assertThat(real.body().path("accepted").asInt()).as(real.body().toString()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"quest", "quest/eu/1", "urn:quests:7"})
  void itsOwnSourcesAreTaken(String source) {
    Web.Reply reply = CONNECT.as("quest").publish(from(source, Events.fresh("e"), "u"));
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(strings = {"quests", "urn:quest", "QUEST", "/quest", "referral/quest"})
  void otherSourcesAreNot(String source) {
    assertThat(CONNECT.as("quest").publish(from(source, Events.fresh("e"), "u")).status())
        .isEqualTo(403);
  }

  @Test
  void ofABatchItIsSaidWhichOneIsNotTheCallersOwn() {
    String user = Events.fresh("u");
    String good = Events.questCompleted(Events.fresh("e"), user);
    Web.Reply reply =
        CONNECT
            .as("quest")
            .publish(Events.batch(List.of(good, good, from("voucher", Events.fresh("e"), user))));
    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.body().path("index").asInt()).isEqualTo(2);
    assertThat(reply.body().path("detail").asText()).contains("[2]").contains("voucher");
    assertThat(
            CONNECT.number(
                "SELECT count(*) FROM event WHERE body->'data'->>'user_id' = '" + user + "'"))
        .isZero();
  }

  @Test
  void aConflictIsToldInWords() {
    String id = Events.fresh("e");
    CONNECT.as("quest").publish(Events.questCompleted(id, "a"));
    Web.Reply reply = CONNECT.as("quest").publish(Events.questCompleted(id, "b"));
    assertThat(reply.body().path("detail").asText())
        .isEqualTo(
            "Another event has the same source and id: quest "
                + id
                + ". The others were taken in.");
  }

  @Test
  void ofManyAtTheSameTimeOneIsTakenAndTheSameAgainIsADuplicate() throws Exception {
    try (TestConnect other = CONNECT.another()) {
      for (int round = 0; round < 20; round++) {
        requireOne(other);
      }
    }
  }

  private static void requireOne(TestConnect other) throws Exception {
    String id = Events.fresh("e");
    String user = Events.fresh("u");
    int[] counts = race(other, id, user);
    // The first one to come, whichever of the two it is; all like it are duplicates.
    assertThat(counts[0]).as("accepted").isEqualTo(1);
    assertThat(counts[1]).as("duplicates").isEqualTo(7);
    assertThat(counts[2]).as("conflicts").isEqualTo(8);
    CONNECT.awaitQuiet();
    assertThat(CONNECT.balance("user:" + user) + CONNECT.balance("user:" + user + "-other"))
        .isEqualTo(100);
  }

  /** Eight callers publish one event, and eight another one of the same name. */
  private static int[] race(TestConnect other, String id, String user) throws Exception {
    try (var threads = Executors.newFixedThreadPool(16)) {
      List<Callable<Web.Reply>> calls = new java.util.ArrayList<>();
      Web[] webs = {CONNECT.as("quest"), other.as("quest")};
      for (int i = 0; i < 16; i++) {
        String event = Events.questCompleted(id, i < 8 ? user : user + "-other");
        Web web = webs[i % 2];
        calls.add(() -> web.publish(event));
      }
      int[] counts = new int[3];
      for (Future<Web.Reply> call : threads.invokeAll(calls)) {
        Web.Reply reply = call.get();
        assertThat(reply.status()).as(reply.body().toString()).isIn(202, 409);
        counts[0] += reply.body().path("accepted").asInt();
        counts[1] += reply.body().path("duplicates").asInt();
        counts[2] += reply.body().path("conflicts").size();
      }
      return counts;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "quest",
        "=x",
        "quest=",
        "quest=vouch",
        "quest=voucher/x",
        "a=urn:x:,b=urn:x:y",
        "quest=v"
      })
  void sourcesThatCouldBeTwoPublishersAreRefusedAtTheStart(String sources) {
    assertThatThrownBy(
            () ->
                TestConnect.start(TestService.shared(), Map.of("events.sources", sources)).close())
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("events.sources");
  }
}
