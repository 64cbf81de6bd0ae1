package points.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  @Test
  void waitsAreRandomUpToACeilingThatDoubles() {
    Random random = new Random(7);
    RetryPolicy policy = new RetryPolicy(Duration.ofMillis(100), Duration.ofSeconds(1));
    long[] ceilings = {100, 200, 400, 800, 1000, 1000};
    for (int failures = 1; failures <= ceilings.length; failures++) {
      Duration longest = Duration.ZERO;
      Duration shortest = Duration.ofDays(1);
      for (int i = 0; i < 1000; i++) {
        Duration delay = policy.delay(failures, random);
        longest = longest.compareTo(delay) < 0 ? delay : longest;
        shortest = shortest.compareTo(delay) > 0 ? delay : shortest;
      }
      Duration ceiling = Duration.ofMillis(ceilings[failures - 1]);
      assertThat(longest).isBetween(ceiling.multipliedBy(9).dividedBy(10), ceiling);
      assertThat(shortest).isLessThan(ceiling.dividedBy(10));
    }
  }

  @Test
  void theCeilingNeverOverflows() {
    RetryPolicy policy = new RetryPolicy(Duration.ofMinutes(1), Duration.ofHours(1));
    for (int failures : new int[] {1, 22, 23, 64, Integer.MAX_VALUE}) {
      assertThat(policy.delay(failures, new Random(failures)))
          .isBetween(Duration.ZERO, Duration.ofHours(1));
    }
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> new RetryPolicy(Duration.ZERO, Duration.ofSeconds(1)))
        .hasMessageContaining("firstDelayMax");
    assertThatThrownBy(() -> new RetryPolicy(Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .hasMessageContaining("delayMax");
  }
}
