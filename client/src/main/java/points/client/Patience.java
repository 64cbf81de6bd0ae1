package points.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** What is left of one call's time, and the waits in it. For one thread. */
final class Patience {
  private final RetryPolicy policy;
  private final long endNanos;
  private int failures;

  Patience(RetryPolicy policy, Duration deadline) {
    this.policy = policy;
    this.endNanos = System.nanoTime() + deadline.toNanos();
  }

  /** What is left; zero or less once it is over. */
  Duration left() {
    return Duration.ofNanos(endNanos - System.nanoTime());
  }

  /**
   * Waits before the next attempt.
   *
   * @param asked what the service asked to wait at least
   * @return false, at once, where the deadline comes before the end of the wait
   */
  boolean pause(Duration asked) throws InterruptedException {
    failures++;
    Duration wait = asked.plus(policy.delay(failures, ThreadLocalRandom.current()));
    if (wait.compareTo(left()) >= 0) {
      return false;
    }
    Thread.sleep(wait);
    return true;
  }
}
