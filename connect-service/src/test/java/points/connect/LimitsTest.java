package points.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import points.service.TestService;

/** Limits and budgets hold whoever publishes at once, also with two processes on one database. */
class LimitsTest {
  private static final int THREADS = 32;
  private static final int EVENTS_EACH = 20;
  private static final int ACCOUNTS = 8;

  private static void rule(Path folder, String name, String limits) throws IOException {
    Files.writeString(
        folder.resolve(name + ".yaml"),
        """
        name: %s
        event: quest.completed
        rewards:
          - {to: '"user:" + event.user_id', points: 70, reason: test}
        %s
        """
            .formatted(name, limits));
  }

  @Test
  void noLimitIsOverrunAndNoneLeavesAnythingOver(@TempDir Path folder)
      throws IOException, InterruptedException, ExecutionException {
    long seed = Long.getLong("points.connect.seed", System.nanoTime());
    System.out.println("LimitsTest: -Dpoints.connect.seed=" + seed);
    rule(
        folder, "trims", "limits: [{per: account, every: day, max_points: 1000, exceeding: trim}]");
    rule(folder, "skips", "limits: [{per: all, every: ever, max_count: 33, exceeding: skip}]");
    rule(folder, "budget", "budget: 4000");
    Map<String, String> settings = Map.of("rules.folder", folder.toString(), "intake.lanes", "4");
    String user = Events.fresh("u");
    try (TestConnect one = TestConnect.start(TestService.shared(), settings);
        TestConnect two = one.another();
        var threads = Executors.newFixedThreadPool(THREADS)) {
      List<Callable<Void>> all = new ArrayList<>();
      Web[] webs = {one.as("quest"), two.as("quest")};
      for (int t = 0; t < THREADS; t++) {
        RandomGenerator random = new java.util.SplittableRandom(seed + t);
        Web web = webs[t % 2];
        all.add(
            () -> {
              publish(web, user, random);
              return null;
            });
      }
      for (Future<Void> one32nd : threads.invokeAll(all)) {
        one32nd.get();
      }
      one.awaitQuiet();
      String sum = "SELECT coalesce(sum(points), 0) FROM reward_action WHERE state = 'credited'";
      assertThat(one.number(sum + " AND rule = 'skips'")).isEqualTo(33 * 70);
      assertThat(one.number(sum + " AND rule = 'budget'")).isBetween(4_000L - 69, 4_000L);
      for (int i = 0; i < ACCOUNTS; i++) {
        String account = "user:" + user + "-" + i;
        assertThat(one.number(sum + " AND rule = 'trims' AND account = '" + account + "'"))
            .as(account)
            .isEqualTo(1_000);
      }
      assertThat(one.number("SELECT count(*) FROM event")).isEqualTo(THREADS * EVENTS_EACH);
      assertThat(one.number("SELECT count(*) FROM dead_letter")).isZero();
    }
  }

  /** The accounts in turns, so that each gets more than its limit; in batches of any size. */
  private static void publish(Web web, String user, RandomGenerator random) {
    int left = EVENTS_EACH;
    while (left > 0) {
      int size = 1 + random.nextInt(Math.min(left, 5));
      List<String> events = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        left--;
        events.add(Events.questCompleted(Events.fresh("e"), user + "-" + left % ACCOUNTS));
      }
      assertThat(web.publish(Events.batch(events)).status()).isEqualTo(202);
    }
  }
}
