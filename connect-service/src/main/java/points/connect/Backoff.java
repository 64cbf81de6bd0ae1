package points.connect;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait after failures: twice as long after each, up to an end, and a random part of it
 * less, so that many who wait do not come back together. Immutable.
 *
 * @param first after the first failure
 * @param max at most
 */
record Backoff(Duration first, Duration max) {
  private static final int DOUBLINGS_MAX = 30;

  /**
   * The wait.
   *
   * @param failures in a row, at least 1
   */
  Duration after(int failures) {
    long doubled = first.toMillis() << Math.min(failures - 1, DOUBLINGS_MAX);
    long ceiling = Math.max(2, Math.min(doubled, max.toMillis()));
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(ceiling / 2, ceiling + 1));
  }
}
