package points.quest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import points.client.Balance;
import points.purchases.Surroundings;
import points.service.contract.Answer;

/** Quests are bought, begun, completed and cancelled, on a real Points Service. */
class QuestTest {
  private static final Surroundings AROUND = new Surroundings("quest");
  private static final TestQuest QUEST = new TestQuest(AROUND);

  @AfterAll
  static void close() {
    QUEST.close();
    AROUND.close();
  }

  @Test
  void aQuestIsHeldConfirmedAndCompleted() {
    String user = AROUND.user(150);
    String quest = QUEST.quest(100, "hold");
    Answer bought = QUEST.buy(quest, user, Surroundings.requestId());
    assertThat(bought.status()).isEqualTo(201);
    assertThat(bought.text("state")).isEqualTo("reserved");
    assertThat(AROUND.balance(user)).isEqualTo(new Balance(50, 100, 0, 0, 150));
    String purchase = bought.text("purchase_id");
    assertThat(QUEST.act(purchase, "confirm").text("state")).isEqualTo("paid");
    assertThat(AROUND.balance(user)).isEqualTo(new Balance(50, 0, 0, 0, 50));
    assertThat(QUEST.act(purchase, "complete").text("state")).isEqualTo("completed");
    assertThat(QUEST.act(purchase, "complete").status()).isEqualTo(200);
    assertThat(QUEST.act(purchase, "confirm").status()).isEqualTo(200);
    await()
        .until(
            () -> AROUND.receiver().taken("quest.completed", "purchase:" + purchase).size() == 1);
    assertThat(
            AROUND
                .receiver()
                .taken("quest.completed", "purchase:" + purchase)
                .getFirst()
                .get("data")
                .toString())
        .contains(quest)
        .contains(purchase)
        .contains(user);
  }

  @Test
  void aHeldQuestIsCancelled() {
    String user = AROUND.user(150);
    String purchase = bought(QUEST.quest(100, "hold"), user);
    assertThat(QUEST.act(purchase, "cancel").text("state")).isEqualTo("cancelled");
    assertThat(AROUND.balance(user)).isEqualTo(new Balance(150, 0, 0, 0, 150));
    assertThat(QUEST.act(purchase, "cancel").status()).isEqualTo(200);
    Answer late = QUEST.act(purchase, "confirm");
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.code()).isEqualTo("state_conflict");
    assertThat(late.text("state")).isEqualTo("cancelled");
  }

  @Test
  void aDebitedQuestIsConfirmedOrRefunded() {
    String user = AROUND.user(150);
    String quest = QUEST.quest(60, "debit");
    String first = bought(quest, user);
    assertThat(AROUND.balance(user).available()).isEqualTo(90);
    assertThat(QUEST.act(first, "confirm").text("state")).isEqualTo("paid");
    String second = bought(quest, user);
    assertThat(AROUND.balance(user).available()).isEqualTo(30);
    assertThat(QUEST.act(second, "cancel").text("state")).isEqualTo("cancelled");
    assertThat(AROUND.balance(user)).isEqualTo(new Balance(90, 0, 0, 0, 90));
    assertThat(QUEST.act(first, "cancel").code()).isEqualTo("state_conflict");
  }

  @Test
  void tooFewPointsAreRefusedWithPointsOwnCode() {
    String user = AROUND.user(20);
    String quest = QUEST.quest(100, "hold");
    String requestId = Surroundings.requestId();
    Answer refused = QUEST.buy(quest, user, requestId);
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.code()).isEqualTo("insufficient_points");
    assertThat(refused.number("available")).isEqualTo(20);
    assertThat(QUEST.buy(quest, user, requestId).code()).isEqualTo("insufficient_points");
    assertThat(QUEST.buy(quest, "nobody", Surroundings.requestId()).number("available")).isZero();
    assertThat(QUEST.act(refused.text("purchase_id"), "confirm").code())
        .isEqualTo("insufficient_points");
  }

  @Test
  void aRequestIdMakesOnePurchase() throws Exception {
    String user = AROUND.user(1000);
    String quest = QUEST.quest(100, "hold");
    String requestId = Surroundings.requestId();
    List<Callable<Answer>> calls = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      calls.add(() -> QUEST.buy(quest, user, requestId));
    }
    List<String> ids = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Answer> answer : threads.invokeAll(calls)) {
        ids.add(answer.get().text("purchase_id"));
      }
    }
    assertThat(ids).hasSize(16).containsOnly(ids.getFirst());
    assertThat(AROUND.balance(user).held()).isEqualTo(100);
    Answer other = QUEST.buy(QUEST.quest(1, "hold"), user, requestId);
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.code()).isEqualTo("request_id_conflict");
    assertThat(other.text("purchase_id")).isEqualTo(ids.getFirst());
  }

  @Test
  void aRaceOfConfirmAndCancelHasOneWinner() throws Exception {
    for (int round = 0; round < 10; round++) {
      String user = AROUND.user(100);
      String purchase = bought(QUEST.quest(100, "hold"), user);
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var confirmed = threads.submit(() -> QUEST.act(purchase, "confirm"));
        var cancelled = threads.submit(() -> QUEST.act(purchase, "cancel"));
        assertThat(List.of(confirmed.get().status(), cancelled.get().status()))
            .containsExactlyInAnyOrder(200, 409);
      }
      String state = QUEST.purchase(purchase).text("state");
      assertThat(AROUND.balance(user).total()).isEqualTo(state.equals("paid") ? 0 : 100);
    }
  }

  @Test
  void theCatalogue() {
    String first = QUEST.quest(1, "hold");
    String second = QUEST.quest(2, "debit");
    Answer page = QUEST.app.get("/quests?limit=1");
    assertThat(page.member("quests").get(0).get("quest_id").asText()).isEqualTo(second);
    Answer next = QUEST.app.get("/quests?limit=1&cursor=" + page.text("next_cursor"));
    assertThat(next.member("quests").get(0).get("quest_id").asText()).isEqualTo(first);
    assertThat(QUEST.app.get("/quests/" + first).number("price_points")).isEqualTo(1);
  }

  @Test
  void whatIsWrong() {
    String quest = QUEST.quest(1, "hold");
    assertThat(QUEST.app.get("/quests/" + UUID.randomUUID()).code()).isEqualTo("not_found");
    assertThat(QUEST.app.get("/quests/x").code()).isEqualTo("invalid_request");
    assertThat(QUEST.purchase(UUID.randomUUID().toString()).code()).isEqualTo("not_found");
    assertThat(QUEST.act(UUID.randomUUID().toString(), "confirm").code()).isEqualTo("not_found");
    assertThat(QUEST.buy(UUID.randomUUID().toString(), "1", "r").code()).isEqualTo("not_found");
    assertThat(QUEST.buy(quest, "no/body", "r").code()).isEqualTo("invalid_request");
    assertThat(QUEST.app.post("/quests", Map.of("title", "x", "price_points", 1)).status())
        .isEqualTo(403);
    assertThat(QUEST.admin.post("/quests", Map.of("title", "x", "price_points", 0)).status())
        .isEqualTo(400);
    assertThat(QUEST.client().get("/quests").status()).isEqualTo(401);
    assertThat(QUEST.client().get("/health/ready").status()).isEqualTo(200);
    assertThat(QUEST.client().get("/openapi.yaml").text()).startsWith("openapi: 3.1");
    assertThat(QUEST.client().get("/metrics").text()).contains("outbox_waiting");
  }

  private static String bought(String quest, String user) {
    Answer answer = QUEST.buy(quest, user, Surroundings.requestId());
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.text("purchase_id");
  }
}
