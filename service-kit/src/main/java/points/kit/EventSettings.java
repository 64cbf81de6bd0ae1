package points.kit;

import java.net.URI;
import java.util.List;

/** What can be set about where events go. */
final class EventSettings {

  /** Ways to deliver. */
  enum Way {
    HTTP,
    KAFKA
  }

  private static final Setting<Way> WAY =
      Setting.choice("events.way", Way.class, Way.HTTP, "How events are delivered.");
  private static final Setting<URI> URL =
      Setting.address(
          "events.url",
          "http://127.0.0.1:8081",
          "The service that events are delivered to over HTTP, as a rule Connect.");
  private static final Setting<Secret> KEY =
      Setting.secret("events.key", "The API key for that service; required with HTTP.");
  private static final Setting<String> BOOTSTRAP =
      Setting.text(
          "events.kafka.bootstrap", null, "Brokers of Kafka, host:port; required with Kafka.");
  private static final Setting<String> TOPIC =
      Setting.text(
          "events.kafka.topic",
          null,
          "The topic that events are written to; by default <service>.events.");

  static final List<Setting<?>> ALL = List.of(WAY, URL, KEY, BOOTSTRAP, TOPIC);

  private EventSettings() {}

  /**
   * The sink that the settings name.
   *
   * @param source of the events
   * @throws SettingsException if it lacks something
   */
  static EventSink sink(Settings settings, String source) {
    return switch (settings.get(WAY)) {
      case HTTP -> new HttpEventSink(settings.get(URL), settings.get(KEY));
      case KAFKA -> new KafkaEventSink(settings.get(BOOTSTRAP), topic(settings, source));
    };
  }

  private static String topic(Settings settings, String source) {
    String topic = settings.find(TOPIC);
    return topic == null ? source + ".events" : topic;
  }
}
