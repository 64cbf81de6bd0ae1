package points.connect;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import points.connect.events.CloudEvents;
import points.kit.Settings;
import points.kit.SettingsException;

/** Sets up the reading of topics, as the settings say. */
final class Topics {
  private static final int MESSAGES_MAX = 500;
  private static final int FETCH_BYTES = 8 * 1024 * 1024;
  private static final int SESSION_MILLIS = 10_000;

  private Topics() {}

  /**
   * Reads from now on. Kafka need not be there yet.
   *
   * @throws SettingsException if a setting is wrong
   */
  static TopicReader read(
      Settings settings, CloudEvents reader, TopicIntake intake, MeterRegistry meters) {
    Map<String, String> publishers = publishers(settings.get(ConnectSettings.KAFKA_TOPICS));
    return new TopicReader(
        consumer(settings),
        publishers.keySet(),
        new TopicMessages(reader, Publishers.of(settings), publishers),
        intake,
        new Backoff(ConnectService.FIRST_PAUSE, settings.get(ConnectSettings.BACKOFF_MAX)),
        meters);
  }

  /** Publishers by topic. */
  static Map<String, String> publishers(List<String> items) {
    Map<String, String> publishers = new TreeMap<>();
    for (String item : items) {
      String[] parts = item.split("=", -1);
      if (parts.length != 2
          || parts[0].isBlank()
          || parts[1].isBlank()
          || publishers.put(parts[0].strip(), parts[1].strip()) != null) {
        throw new SettingsException(
            ConnectSettings.KAFKA_TOPICS.key()
                + " must be topic=publisher, separated by commas, each topic once, not "
                + item
                + ".");
      }
    }
    if (publishers.isEmpty()) {
      throw new SettingsException(ConnectSettings.KAFKA_TOPICS.key() + " names no topic.");
    }
    return publishers;
  }

  private static KafkaConsumer<byte[], byte[]> consumer(Settings settings) {
    Map<String, Object> config = new HashMap<>();
    // Who died keeps its partitions for so long; by default it would be 45 seconds.
    config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MILLIS);
    config.putAll(further(settings.find(ConnectSettings.KAFKA_PROPERTIES)));
    // What the reading relies on stays as it is, whatever the file says.
    config.putAll(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            settings.get(ConnectSettings.KAFKA_BOOTSTRAP),
            ConsumerConfig.GROUP_ID_CONFIG,
            settings.get(ConnectSettings.KAFKA_GROUP),
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            MESSAGES_MAX,
            ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
            FETCH_BYTES,
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false,
            // A rebalance takes from a reader only what another one gets.
            ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
            CooperativeStickyAssignor.class.getName(),
            ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
            10_000L));
    try {
      return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new SettingsException(
          ConnectSettings.KAFKA_BOOTSTRAP.key()
              + " or "
              + ConnectSettings.KAFKA_PROPERTIES.key()
              + " will not do: "
              + cause.getMessage());
    }
  }

  private static Map<String, String> further(@Nullable String file) {
    Map<String, String> further = new TreeMap<>();
    if (file == null) {
      return further;
    }
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(Path.of(file))) {
      properties.load(in);
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingsException(
          ConnectSettings.KAFKA_PROPERTIES.key() + " cannot be read: " + e.getMessage());
    }
    properties.stringPropertyNames().forEach(k -> further.put(k, properties.getProperty(k)));
    return further;
  }
}
