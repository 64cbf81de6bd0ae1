package points.service;

import java.time.Duration;
import java.util.List;
import points.kit.Setting;

/** What can be set about the Points Service itself; the kit's settings come on top. */
final class PointsSettings {
  static final Setting<Integer> COMMITTERS =
      Setting.integer(
          "lanes.committers",
          0,
          64,
          0,
          "How many batches are committed in parallel, each on a connection of its own; 0 for one"
              + " for each processor.");
  static final Setting<Integer> QUEUE =
      Setting.integer(
          "lanes.queue",
          1,
          1_000_000,
          5_000,
          "How many operations may wait in a lane; further ones are told overloaded.");
  static final Setting<Integer> BATCH =
      Setting.integer(
          "lanes.batch", 1, 10_000, 1_000, "How many operations are committed together at most.");
  static final Setting<Duration> WAIT =
      duration(
          "lanes.wait",
          Duration.ofSeconds(5),
          "How long an operation may wait in a lane before it is told overloaded.");
  static final Setting<Duration> DELAY =
      duration(
          "lanes.delay",
          Duration.ofMillis(700),
          "How long the first in a lane may have waited; beyond that, only captures and"
              + " releases are taken, the others are told overloaded.");
  static final Setting<Duration> PATIENCE =
      duration(
          "ledger.patience",
          Duration.ofSeconds(5),
          "How long an outage of the database is waited out before callers are told unavailable.");
  static final Setting<Integer> RECENT =
      Setting.integer(
          "ledger.recent_mb",
          0,
          128,
          16,
          "How much memory is for the latest outcomes, in MB (one has about 3 000), so that a repeat"
              + " is answered without the database; 0 for none, as behind a pooler whose connections"
              + " outlive the server.");
  static final Setting<Duration> DUE =
      duration(
          "due.interval",
          Duration.ofMillis(500),
          "How often holds, lots and pending credits are looked through for what is due.");
  static final Setting<Duration> SELF_CHECK =
      duration("selfcheck.interval", Duration.ofSeconds(60), "How often the books are verified.");
  static final Setting<Long> DAILY_CREDIT =
      new Setting<>(
          "credit.daily_max",
          "a whole number of points, 0 for no ceiling",
          PointsSettings::points,
          "0",
          "The most points that one source may credit in a UTC day; 0 for no ceiling.",
          false);
  static final Setting<Boolean> SANDBOX =
      Setting.flag("sandbox", false, "Whether POST /sandbox/clock may move the clock forward.");

  static final List<Setting<?>> ALL =
      List.of(
          COMMITTERS,
          QUEUE,
          BATCH,
          WAIT,
          DELAY,
          PATIENCE,
          RECENT,
          DUE,
          SELF_CHECK,
          DAILY_CREDIT,
          SANDBOX);

  private PointsSettings() {}

  private static Setting<Duration> duration(String key, Duration fallback, String description) {
    return Setting.duration(key, Duration.ofMillis(10), Duration.ofDays(1), fallback, description);
  }

  private static @org.jspecify.annotations.Nullable Long points(String text) {
    return text.matches("[0-9]{1,18}") ? Long.valueOf(text) : null;
  }
}
