package points.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HealthTest {

  @Test
  void allWhoAskAtTheSameTimeShareOneRunOfACheck() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch asked = new CountDownLatch(50);
    Health health =
        new Health()
            .check(
                "database",
                () -> {
                  runs.incrementAndGet();
                  asked.await();
                  Thread.sleep(100); // for the last of them to get in
                });
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> answers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        answers.add(
            callers.submit(
                () -> {
                  asked.countDown();
                  return health.ready();
                }));
      }
      for (Future<Answer> answer : answers) {
        assertThat(answer.get().status()).isEqualTo(200);
      }
    }
    assertThat(runs).hasValue(1);
    assertThat(health.ready().status()).isEqualTo(200);
    assertThat(runs).as("nothing is remembered").hasValue(2);
  }

  @Test
  void aCheckThatHangsFailsAndTheNextOneIsNew() {
    AtomicInteger runs = new AtomicInteger();
    Health health =
        new Health()
            .check(
                "database",
                () -> {
                  if (runs.incrementAndGet() == 1) {
                    Thread.sleep(60_000);
                  }
                });
    assertThatThrownBy(health::ready).isInstanceOf(ProblemException.class);
    assertThat(health.ready().status()).isEqualTo(200);
  }
}
