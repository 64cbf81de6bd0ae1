package points.service.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import points.kit.TestPostgres;
import points.service.TestService;

/** PostgreSQL is killed under load, again and again: nothing acknowledged is lost or doubled. */
class CrashTest {
  private static final int CALLERS = 8;
  private static final int KILLS = Integer.getInteger("points.faults.kills", 5);

  @Test
  void nothingAcknowledgedIsLostWhenPostgresIsKilled()
      throws InterruptedException, ExecutionException, TimeoutException {
    long seed = Long.getLong("points.faults.seed", System.nanoTime());
    System.out.println("CrashTest: -Dpoints.faults.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    try (TestPostgres postgres = TestPostgres.start(Map.of());
        TestService service = TestService.start(postgres.newDatabase(), Map.of());
        var threads = Executors.newFixedThreadPool(CALLERS)) {
      Journal journal = new Journal();
      AtomicBoolean stop = new AtomicBoolean();
      List<Future<?>> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        Load load =
            new Load(
                journal,
                service.as("connect"),
                service.as("quest"),
                random.split(),
                "crash-" + i,
                20);
        callers.add(threads.submit(() -> load.until(stop)));
      }
      long slowest = 0;
      try {
        for (int i = 0; i < KILLS; i++) {
          // The pool tries again after ever longer pauses, so each round waits for the load.
          awaitMore(journal, 50 + random.nextInt(400));
          postgres.kill();
          Journal.pause(random.nextInt(200));
          postgres.restart();
          long up = System.nanoTime();
          awaitMore(journal, 1);
          slowest = Math.max(slowest, System.nanoTime() - up);
        }
        awaitMore(journal, 100);
      } finally {
        stop.set(true);
      }
      for (Future<?> caller : callers) {
        caller.get(60, TimeUnit.SECONDS);
      }
      System.out.printf(
          "CrashTest: %d kills, %d operations, %d succeeded, %d calls without an outcome,"
              + " slowest recovery %d ms%n",
          KILLS, journal.size(), journal.succeeded(), journal.unknown(), slowest / 1_000_000);
      assertThat(journal.size()).isGreaterThan(100);
      journal.assertKept(new Books(service.databaseUrl()));
    }
  }

  private static void awaitMore(Journal journal, long more) {
    long goal = journal.size() + more;
    long giveUp = System.nanoTime() + 30_000_000_000L;
    while (journal.size() < goal) {
      assertThat(System.nanoTime()).as("no outcome in 30 seconds").isLessThan(giveUp);
      Journal.pause(5);
    }
  }
}
