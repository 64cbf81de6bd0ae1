package points.service.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import points.kit.TestPostgres;
import points.service.TestService;
import points.service.contract.Answer;
import points.service.contract.ApiClient;

/** The connection breaks at COMMIT: callers get the first answer, and there is one effect. */
class InDoubtTest {
  private static final int TOGETHER = 30;

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_COMMIT", "AFTER_COMMIT"})
  void aLostAnswerIsNoLostOperation(Proxy.Cut cut) {
    TestPostgres postgres = TestPostgres.shared();
    String direct = postgres.newDatabase();
    try (Proxy proxy = new Proxy(postgres.port());
        TestService service =
            TestService.start(
                direct.replace(":" + postgres.port() + "/", ":" + proxy.port() + "/"),
                Map.of("lanes.committers", "1"))) {
      ApiClient connect = service.as("connect");
      ApiClient quest = service.as("quest");
      Books books = new Books(direct);
      Answer credit = cutAt(proxy, cut, connect, "/internal/credit", moving("c1", 100));
      Answer debit = cutAt(proxy, cut, quest, "/internal/debit", moving("d1", 10));
      Answer hold = cutAt(proxy, cut, quest, "/internal/hold", moving("h1", 20));
      Map<String, Object> ending =
          Map.of("hold_id", hold.text("hold/hold_id"), "external_id", "k1");
      Answer capture = cutAt(proxy, cut, quest, "/internal/capture", ending);
      for (Answer first : List.of(credit, debit, hold, capture)) {
        assertThat(first.status()).as(first.text()).isEqualTo(201);
      }
      assertThat(capture.number("balance/available")).isEqualTo(70);
      Answer refused = cutAt(proxy, cut, quest, "/internal/debit", moving("d2", 1000));
      assertThat(refused.status()).isEqualTo(422);
      assertThat(books.number("SELECT count(*) FROM transaction")).isEqualTo(4);
      assertThat(books.number("SELECT count(*) FROM operation")).isEqualTo(5);
      assertThat(connect.post("/internal/credit", moving("c1", 100)).text())
          .isEqualTo(credit.text());
      books.assertSound();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_COMMIT", "AFTER_COMMIT"})
  void oneOfManyWithOneKeyIsTheFirst(Proxy.Cut cut) {
    TestPostgres postgres = TestPostgres.shared();
    String direct = postgres.newDatabase();
    try (Proxy proxy = new Proxy(postgres.port());
        TestService service =
            TestService.start(
                direct.replace(":" + postgres.port() + "/", ":" + proxy.port() + "/"),
                Map.of("lanes.committers", "1"))) {
      ApiClient connect = service.as("connect");
      proxy.cutNext(cut);
      List<CompletableFuture<Answer>> answers = new ArrayList<>();
      for (int i = 0; i < TOGETHER; i++) {
        answers.add(
            CompletableFuture.supplyAsync(
                () -> connect.post("/internal/credit", moving("same", 7)),
                Thread::startVirtualThread));
      }
      List<Answer> all = answers.stream().map(CompletableFuture::join).toList();
      assertThat(proxy.cuts()).as("the wire was cut").isEqualTo(1);
      assertThat(all.stream().filter(a -> a.status() == 201)).hasSize(1);
      assertThat(all.stream().filter(a -> a.status() == 200)).hasSize(TOGETHER - 1);
      assertThat(all.stream().map(Answer::text).distinct()).hasSize(1);
      Books books = new Books(direct);
      assertThat(books.number("SELECT available FROM account")).isEqualTo(7);
      books.assertSound();
    }
  }

  private static Answer cutAt(
      Proxy proxy, Proxy.Cut cut, ApiClient client, String path, Map<String, Object> body) {
    int before = proxy.cuts();
    proxy.cutNext(cut);
    Answer answer = client.post(path, body);
    assertThat(proxy.cuts()).as("the wire was cut").isEqualTo(before + 1);
    assertThat(answer.isReplay()).as("it is the first answer: %s", answer.text()).isFalse();
    return answer;
  }

  private static Map<String, Object> moving(String id, int amount) {
    return Map.of("account", "user:1", "amount", amount, "external_id", id, "reason", "doubt");
  }
}
