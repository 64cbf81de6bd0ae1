package points.service;

import static org.assertj.core.api.Assertions.assertThat;
import static points.service.Scene.onHold;
import static points.service.Scene.onTransaction;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import points.service.contract.Answer;
import points.service.contract.ApiClient;

/** One key, fifty callers at once: one effect. */
class IdempotencyTest {
  private static final int CALLERS = 50;

  /** A call that may be made now, and how many points the account has in all after it. */
  private record Prepared(ApiClient client, Map<String, Object> body, long totalAfter) {}

  private final Scene scene = Scene.with(100);

  private Prepared prepared(String verb) {
    Map<String, Object> moving = scene.moving(30);
    return switch (verb) {
      case "credit" -> new Prepared(scene.connect, moving, 130);
      case "debit" -> new Prepared(scene.quest, moving, 70);
      case "hold" -> new Prepared(scene.quest, moving, 100);
      case "capture" ->
          new Prepared(scene.quest, Scene.with(onHold(scene.hold(30)), "amount", 10), 90);
      case "release" -> new Prepared(scene.quest, onHold(scene.hold(30)), 100);
      case "refund" ->
          new Prepared(scene.quest, Scene.with(onTransaction(scene.debit(30)), "amount", 10), 80);
      case "reverse" ->
          new Prepared(
              scene.connect, Scene.with(onTransaction(scene.credit(30)), "amount", 10), 120);
      default -> throw new IllegalArgumentException(verb);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"credit", "debit", "hold", "capture", "release", "refund", "reverse"})
  void fiftyCallersWithOneKeyMakeOneEffect(String verb) throws Exception {
    Prepared call = prepared(verb);
    long before = scene.transactions();
    List<Answer> answers = atOnce(i -> call.client().post("/internal/" + verb, call.body()));
    assertThat(answers.stream().filter(a -> a.status() == 201)).hasSize(1);
    assertThat(answers.stream().filter(a -> a.status() == 200 && a.isReplay()))
        .hasSize(CALLERS - 1);
    assertThat(answers.stream().map(Answer::text).distinct()).hasSize(1);
    assertThat(scene.transactions()).isEqualTo(before + 1);
    assertThat(scene.balance().path("total").asLong()).isEqualTo(call.totalAfter());
  }

  @ParameterizedTest
  @ValueSource(strings = {"debit", "hold", "capture", "release", "refund", "reverse"})
  void fiftyCallersAreRefusedTheSameWay(String verb) throws Exception {
    Prepared call = prepared(verb);
    // What is asked for can no longer be had.
    Map<String, Object> body =
        switch (verb) {
          case "release" -> {
            Answer hold = scene.hold(5);
            scene.capture(hold);
            yield onHold(hold);
          }
          default -> Scene.with(call.body(), "amount", 1000);
        };
    long before = scene.transactions();
    List<Answer> answers = atOnce(i -> call.client().post("/internal/" + verb, body));
    assertThat(answers).allMatch(a -> a.status() == 422);
    assertThat(answers.stream().filter(a -> !a.isReplay())).hasSize(1);
    assertThat(answers.stream().map(Answer::text).distinct()).hasSize(1);
    assertThat(scene.transactions()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"credit", "debit", "hold", "capture", "refund", "reverse"})
  void oneKeyWithTwoAmountsIsDecidedOnce(String verb) throws Exception {
    Prepared call = prepared(verb);
    Map<String, Object> three = Scene.with(call.body(), "amount", 3);
    Map<String, Object> seven = Scene.with(call.body(), "amount", 7);
    long before = scene.transactions();
    List<Answer> answers =
        atOnce(i -> call.client().post("/internal/" + verb, i % 2 == 0 ? three : seven));
    Answer first = answers.stream().filter(a -> a.status() == 201).findFirst().orElseThrow();
    assertThat(answers.stream().filter(a -> a.status() == 201)).hasSize(1);
    int winners = first.number("amount") == 3 ? 0 : 1;
    for (int i = 0; i < CALLERS; i++) {
      Answer answer = answers.get(i);
      if (i % 2 == winners) {
        assertThat(answer.text()).isEqualTo(first.text());
      } else {
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.member("differing").toString()).isEqualTo("[\"amount\"]");
        assertThat(answer.text("transaction_id")).isEqualTo(first.text("transaction_id"));
      }
    }
    assertThat(scene.transactions()).isEqualTo(before + 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void captureAndReleaseAtOnceEndAHoldOnce(int round) throws Exception {
    Answer hold = scene.hold(30);
    List<Map<String, Object>> bodies = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      bodies.add(onHold(hold));
    }
    List<Answer> answers =
        atOnce(
            i ->
                scene.quest.post(
                    "/internal/" + (i % 2 == 0 ? "capture" : "release"), bodies.get(i)));
    assertThat(answers.stream().filter(a -> a.status() == 201)).as("round " + round).hasSize(1);
    Answer winner = answers.stream().filter(a -> a.status() == 201).findFirst().orElseThrow();
    for (Answer answer : answers) {
      if (answer.status() != 201) {
        assertThat(answer.code()).isEqualTo("hold_not_active");
        assertThat(answer.member("hold")).isEqualTo(winner.member("hold"));
      }
    }
    assertThat(scene.balance().path("held").asLong()).isZero();
    assertThat(scene.available()).isEqualTo(winner.text("type").equals("capture") ? 70 : 100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"debit", "hold"})
  void fiftyKeysSpendNoMoreThanThereIs(String verb) throws Exception {
    List<Map<String, Object>> bodies = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      bodies.add(scene.moving(7));
    }
    List<Answer> answers = atOnce(i -> scene.quest.post("/internal/" + verb, bodies.get(i)));
    assertThat(answers.stream().filter(a -> a.status() == 201)).hasSize(14);
    assertThat(answers.stream().filter(a -> a.code().equals("insufficient_points")))
        .hasSize(CALLERS - 14);
    assertThat(scene.available()).isEqualTo(2);
    Set<Long> left = new HashSet<>();
    answers.stream()
        .filter(a -> a.status() == 201)
        .forEach(a -> left.add(a.number("balance/available")));
    assertThat(left).as("each saw a balance of its own").hasSize(14);
  }

  private static List<Answer> atOnce(IntFunction<Answer> call) throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    List<Future<Answer>> running = new ArrayList<>();
    List<Answer> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CALLERS; i++) {
        int number = i;
        running.add(
            threads.submit(
                () -> {
                  start.await();
                  return call.apply(number);
                }));
      }
      start.countDown();
      for (Future<Answer> answer : running) {
        answers.add(answer.get());
      }
    }
    return answers;
  }
}
