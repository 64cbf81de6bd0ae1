package points.quest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import points.client.Balance;
import points.client.Capture;
import points.client.Debit;
import points.client.Hold;
import points.client.Operation;
import points.client.Refund;
import points.client.Release;
import points.purchases.CrashingCalls;
import points.purchases.Surroundings;
import points.service.contract.Answer;

/** Killed between any two steps, every purchase ends where it was going, and agrees with Points. */
class QuestCrashTest {

  /**
   * A purchase that dies.
   *
   * @param action what is asked of it in the end; empty for its order itself
   * @param dies at which operation
   * @param ends in which state
   */
  private record Story(
      String payment,
      String action,
      Class<? extends Operation> dies,
      String ends,
      Balance balance) {}

  private record Left(Story story, String user, String requestId) {}

  private static final Balance HELD = new Balance(50, 100, 0, 0, 150);
  private static final Balance SPENT = new Balance(50, 0, 0, 0, 50);
  private static final Balance BACK = new Balance(150, 0, 0, 0, 150);

  private static final List<Story> STORIES =
      List.of(
          new Story("hold", "", Hold.class, "reserved", HELD),
          new Story("hold", "confirm", Capture.class, "paid", SPENT),
          new Story("hold", "cancel", Release.class, "cancelled", BACK),
          new Story("debit", "", Debit.class, "reserved", SPENT),
          new Story("debit", "cancel", Refund.class, "cancelled", BACK));

  @Test
  void everyCrashPointOfEverySaga() {
    try (Surroundings around = new Surroundings("quest")) {
      List<Left> left = new ArrayList<>();
      CrashingCalls calls = new CrashingCalls(around.calls());
      try (TestQuest dying = new TestQuest(around, Map.of("recovery.interval", "10m"), calls)) {
        String hold = dying.quest(100, "hold");
        String debit = dying.quest(100, "debit");
        for (Story story : STORIES) {
          for (CrashingCalls.When when : CrashingCalls.When.values()) {
            String quest = story.payment().equals("hold") ? hold : debit;
            left.add(tell(dying, calls, around, quest, story, when));
          }
        }
      }
      try (TestQuest again = new TestQuest(around)) {
        for (Left one : left) {
          String id = around.purchaseId(one.requestId());
          await()
              .atMost(Duration.ofSeconds(30))
              .untilAsserted(
                  () ->
                      assertThat(again.purchase(id).text("state"))
                          .as(one.toString())
                          .isEqualTo(one.story().ends()));
          assertThat(around.balance(one.user()))
              .as(one.toString())
              .isEqualTo(one.story().balance());
        }
      }
    }
  }

  private static Left tell(
      TestQuest dying,
      CrashingCalls calls,
      Surroundings around,
      String quest,
      Story story,
      CrashingCalls.When when) {
    String user = around.user(150);
    String requestId = Surroundings.requestId();
    if (story.action().isEmpty()) {
      calls.dieAt(story.dies(), when);
      requireDead(dying, "/quests/" + quest + "/purchases", user, requestId);
    } else {
      Answer bought = dying.buy(quest, user, requestId);
      calls.dieAt(story.dies(), when);
      requireDead(dying, "/purchases/" + bought.text("purchase_id") + "/" + story.action(), "", "");
    }
    calls.dieAt(null, when);
    return new Left(story, user, requestId);
  }

  /** The thread that dies cannot answer; to the caller that is a 500, which no contract has. */
  private static void requireDead(TestQuest dying, String path, String user, String requestId) {
    Map<String, String> body =
        user.isEmpty() ? Map.of() : Map.of("user_id", user, "request_id", requestId);
    try {
      Answer answer = dying.app.post(path, body);
      throw new IllegalStateException("not dead: " + answer);
    } catch (AssertionError e) {
      assertThat(e).hasMessageContaining("500");
    }
  }
}
