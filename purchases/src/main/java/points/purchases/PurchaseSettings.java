package points.purchases;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import points.client.PointsClient;
import points.kit.Secret;
import points.kit.ServiceFrame;
import points.kit.Setting;
import points.kit.Settings;

/** What can be set about a selling service. */
public final class PurchaseSettings {
  private static final Setting<URI> POINTS_URL =
      Setting.address("points.url", "http://127.0.0.1:8080", "Where Points Service is.");
  private static final Setting<Secret> POINTS_KEY =
      Setting.secret("points.key", "This service's API key for Points Service; required.");
  private static final Setting<Duration> POINTS_DEADLINE =
      duration(
          "points.deadline",
          Duration.ofSeconds(5),
          "How long a buyer waits for Points Service before the rest is done in the background.");

  private static final Setting<Duration> HOLD_TIME =
      Setting.duration(
          "purchase.hold_time",
          Duration.ofSeconds(1),
          Duration.ofDays(365),
          Duration.ofDays(1),
          "How long points are held for a purchase.");

  /** How often it is looked whether a hold still stands. */
  static final Setting<Duration> HOLD_CHECK =
      duration(
          "purchase.hold_check",
          Duration.ofSeconds(10),
          "How often it is looked whether the hold of a purchase still stands.");

  /** How often what was left half done is looked for. */
  static final Setting<Duration> RECOVERY =
      duration(
          "recovery.interval",
          Duration.ofSeconds(1),
          "How often what was left half done is looked for.");

  private PurchaseSettings() {}

  /**
   * All that can be set.
   *
   * @param port where the service listens unless told otherwise
   */
  public static List<Setting<?>> all(int port) {
    List<Setting<?>> all = new ArrayList<>(ServiceFrame.settings(port, PurchaseRoutes.POLICY));
    all.addAll(List.of(POINTS_URL, POINTS_KEY, POINTS_DEADLINE, HOLD_TIME, HOLD_CHECK, RECOVERY));
    return all;
  }

  /**
   * The client that the settings name.
   *
   * @throws points.kit.SettingsException if there is no key
   */
  public static PointsClient client(Settings settings) {
    Duration deadline = settings.get(POINTS_DEADLINE);
    return PointsClient.at(settings.get(POINTS_URL))
        .apiKey(settings.get(POINTS_KEY).reveal())
        .deadline(deadline)
        .attemptTimeout(deadline)
        .build();
  }

  /** How long points are held, cut off to whole seconds. */
  public static Duration holdTime(Settings settings) {
    return Duration.ofSeconds(settings.get(HOLD_TIME).toSeconds());
  }

  private static Setting<Duration> duration(String key, Duration fallback, String description) {
    return Setting.duration(
        key, Duration.ofMillis(50), Duration.ofMinutes(10), fallback, description);
  }
}
