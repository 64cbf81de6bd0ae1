package points.connect;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import points.kit.Authenticator;
import points.kit.Policy;
import points.kit.Secret;
import points.kit.Setting;

/** What can be set about the Connect Service itself; the kit's settings come on top. */
final class ConnectSettings {
  private static final String PUBLISHERS =
      "referral=publish; quest=publish; voucher=publish; rielt=publish;"
          + " admin=admin,read; approver=admin,read";

  static final Setting<URI> POINTS_URL =
      new Setting<>(
          "points.url",
          "an address like http://127.0.0.1:8080",
          ConnectSettings::address,
          "http://127.0.0.1:8080",
          "Where Points Service is.",
          false);
  static final Setting<Secret> POINTS_KEY =
      Setting.secret("points.key", "The API key of connect at Points Service; required.");
  static final Setting<String> POINTS_SOURCE =
      Setting.text(
          "points.source",
          "connect",
          "The source whose key points.key is: whose credits reconciliation compares.");
  static final Setting<Integer> LANES =
      Setting.integer(
          "intake.lanes", 1, 64, 2, "How many lanes take events in, each with a connection.");
  static final Setting<Integer> QUEUE =
      Setting.integer(
          "intake.queue",
          1,
          1_000_000,
          10_000,
          "How many events may wait in a lane; further ones are told overloaded.");
  static final Setting<Integer> BATCH =
      Setting.integer(
          "intake.batch", 1, 5_000, 500, "How many events are committed together, as a rule.");
  static final Setting<Duration> PATIENCE =
      duration(
          "database.patience",
          Duration.ofSeconds(5),
          "How long an outage of the database is waited out before callers are told unavailable.");
  static final Setting<Integer> SENDERS =
      Setting.integer(
          "dispatch.senders", 1, 64, 2, "How many batches are on their way to Points at once.");
  static final Setting<Integer> SENDING =
      Setting.integer(
          "dispatch.batch", 1, 1_000, 500, "How many RewardActions are sent to Points together.");
  static final Setting<Duration> POLL =
      duration(
          "dispatch.poll",
          Duration.ofMillis(200),
          "How often is looked for RewardActions that another process left, or whose time came.");
  static final Setting<Duration> DEADLINE =
      duration(
          "dispatch.deadline",
          Duration.ofSeconds(10),
          "How long an answer of Points is waited for before a batch is sent again.");
  static final Setting<Duration> BACKOFF_MAX =
      duration(
          "dispatch.backoff_max",
          Duration.ofSeconds(30),
          "How long the pauses between attempts get while Points is away.");
  static final Setting<String> RULES_FOLDER =
      Setting.text(
          "rules.folder",
          null,
          "A folder of rules (*.yaml) that are put into force at the start, except those that people"
              + " have changed; none by default.");
  static final Setting<List<String>> REWARD_TYPES =
      Setting.list(
          "rewards.types",
          "",
          "Types of rewards besides points that dispatchers of their own take;"
              + " rewards of other types are refused.");
  static final Setting<List<String>> SOURCES =
      Setting.list(
          "events.sources",
          "",
          "Sources of events besides the publisher's name and what begins with it and a slash:"
              + " publisher=beginning of its sources.");
  static final Setting<String> KAFKA_BOOTSTRAP =
      Setting.text(
          "kafka.bootstrap",
          null,
          "Kafka brokers to read events from, host:port; none by default.");
  static final Setting<List<String>> KAFKA_TOPICS =
      Setting.list(
          "kafka.topics",
          "quest.events=quest,voucher.events=voucher,rielt.events=rielt,referral.events=referral",
          "Topics to read, each with the publisher whose events may be in it.");
  static final Setting<String> KAFKA_GROUP =
      Setting.text("kafka.group", "connect", "The consumer group in which topics are read.");
  static final Setting<String> KAFKA_PROPERTIES =
      Setting.text(
          "kafka.properties",
          null,
          "A file of further settings of Kafka's consumer, such as TLS and SASL; none by default.");

  /** The kit's, with who may do what here. */
  static final Setting<Policy> POLICY =
      Policy.setting(Authenticator.POLICY.key(), PUBLISHERS, "dispatch");

  static final List<Setting<?>> ALL =
      List.of(
          POINTS_URL,
          POINTS_KEY,
          POINTS_SOURCE,
          LANES,
          QUEUE,
          BATCH,
          PATIENCE,
          SENDERS,
          SENDING,
          POLL,
          DEADLINE,
          BACKOFF_MAX,
          RULES_FOLDER,
          REWARD_TYPES,
          SOURCES,
          KAFKA_BOOTSTRAP,
          KAFKA_TOPICS,
          KAFKA_GROUP,
          KAFKA_PROPERTIES);

  private ConnectSettings() {}

  /** The kit's settings of authentication, with the policy of this service. */
  static List<Setting<?>> authentication() {
    List<Setting<?>> settings = new ArrayList<>();
    for (Setting<?> setting : Authenticator.SETTINGS) {
      settings.add(setting.key().equals(POLICY.key()) ? POLICY : setting);
    }
    return settings;
  }

  private static Setting<Duration> duration(String key, Duration fallback, String description) {
    return Setting.duration(key, Duration.ofMillis(10), Duration.ofHours(1), fallback, description);
  }

  private static @Nullable URI address(String text) {
    try {
      URI address = URI.create(text);
      boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
      return http && address.getHost() != null ? address : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
