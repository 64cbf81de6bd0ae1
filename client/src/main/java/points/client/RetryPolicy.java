package points.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait between attempts: a random time from nothing up to a ceiling that doubles with
 * every attempt. What the service asks for in {@code Retry-After} comes on top. Immutable.
 *
 * @param firstDelayMax the ceiling of the first wait, 1 ms to 1 minute
 * @param delayMax the ceiling of all waits, at least the first one's, at most 1 hour
 */
public record RetryPolicy(Duration firstDelayMax, Duration delayMax) {

  /** Up to 100 ms at first, up to 5 s in the end. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(Duration.ofMillis(100), Duration.ofSeconds(5));

  /**
   * Checks the delays.
   *
   * @throws IllegalArgumentException if they are out of range
   */
  public RetryPolicy {
    Checks.require(
        firstDelayMax.compareTo(Duration.ofMillis(1)) >= 0
            && firstDelayMax.compareTo(Duration.ofMinutes(1)) <= 0,
        "firstDelayMax must be 1 ms to 1 minute, not " + firstDelayMax);
    Checks.require(
        delayMax.compareTo(firstDelayMax) >= 0 && delayMax.compareTo(Duration.ofHours(1)) <= 0,
        "delayMax must be firstDelayMax to 1 hour, not " + delayMax);
  }

  /** The wait after so many failures, at least 1. */
  Duration delay(int failures, RandomGenerator random) {
    // 2^22 times the smallest ceiling is beyond the largest one, and the largest does not overflow.
    long doubled = firstDelayMax.toNanos() << Math.min(failures - 1, 22);
    long ceiling = Math.min(doubled, delayMax.toNanos());
    return Duration.ofNanos(random.nextLong(ceiling + 1));
  }
}
