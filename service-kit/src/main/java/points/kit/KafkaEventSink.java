package points.kit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Delivers events to a topic of Kafka, in the structured mode; the key is the subject, so that the
 * events of one subject stay in one partition. An event has arrived once all in-sync replicas have
 * it.
 */
final class KafkaEventSink implements EventSink {

  private static final int EVENTS_MAX = 500;
  private static final Duration DELIVERY_TIME = Duration.ofSeconds(30);
  private static final Duration REQUEST_TIME = Duration.ofSeconds(10);
  private static final String CONTENT_TYPE = "application/cloudevents+json; charset=UTF-8";

  private final KafkaProducer<String, String> producer;
  private final String topic;

  KafkaEventSink(String bootstrap, String topic) {
    this.topic = topic;
    this.producer =
        new KafkaProducer<>(config(bootstrap), new StringSerializer(), new StringSerializer());
  }

  private static Map<String, Object> config(String bootstrap) {
    return Map.of(
        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
        bootstrap,
        ProducerConfig.ACKS_CONFIG,
        "all",
        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
        true,
        // A partition just made may refuse its first batch; a second one under way then counts
        // as out of order, over and over.
        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
        1,
        ProducerConfig.LINGER_MS_CONFIG,
        5,
        ProducerConfig.MAX_BLOCK_MS_CONFIG,
        REQUEST_TIME.toMillis(),
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
        (int) REQUEST_TIME.toMillis(),
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
        (int) DELIVERY_TIME.toMillis());
  }

  @Override
  public int eventsMax() {
    return EVENTS_MAX;
  }

  /**
   * One event of each subject at a time: were a second one under way when the first one fails, it
   * could overtake it.
   */
  @Override
  public Delivery deliver(List<CloudEvent> events) throws InterruptedException {
    List<CloudEvent> left = events;
    while (!left.isEmpty()) {
      Map<String, CloudEvent> wave = new LinkedHashMap<>();
      List<CloudEvent> after = new ArrayList<>();
      for (CloudEvent event : left) {
        if (wave.putIfAbsent(event.subject(), event) != null) {
          after.add(event);
        }
      }
      Delivery delivery = send(wave.values());
      if (!(delivery instanceof Delivery.Arrived)) {
        return delivery;
      }
      left = after;
    }
    return new Delivery.Arrived();
  }

  private Delivery send(Iterable<CloudEvent> wave) throws InterruptedException {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try {
      for (CloudEvent event : wave) {
        sent.add(producer.send(message(event)));
      }
      for (Future<RecordMetadata> one : sent) {
        one.get();
      }
      return new Delivery.Arrived();
    } catch (ExecutionException e) {
      return failure(String.valueOf(e.getCause()), e.getCause());
    } catch (InterruptException e) {
      Thread.interrupted(); // Kafka has set it again
      throw (InterruptedException) new InterruptedException().initCause(e);
    } catch (org.apache.kafka.common.KafkaException e) {
      return failure(e.toString(), e);
    }
  }

  private static Delivery failure(String reason, @Nullable Throwable cause) {
    return cause instanceof RecordTooLargeException
        ? new Delivery.Refused(reason)
        : new Delivery.Later("Kafka: " + reason, Duration.ZERO);
  }

  private ProducerRecord<String, String> message(CloudEvent event) {
    ProducerRecord<String, String> message =
        new ProducerRecord<>(topic, event.subject(), event.toJson());
    message.headers().add("content-type", CONTENT_TYPE.getBytes(StandardCharsets.UTF_8));
    return message;
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }
}
