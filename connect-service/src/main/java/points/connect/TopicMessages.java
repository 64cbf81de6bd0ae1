package points.connect;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import points.connect.events.CloudEvents;
import points.connect.events.IncomingEvent;
import points.connect.postgres.Intake;
import points.connect.postgres.LostEvents;
import points.kit.ProblemException;
import points.kit.StrictJson;

/** Reads messages: the Kafka binding of CloudEvents, in both of its modes. Thread-safe. */
final class TopicMessages {
  private static final Logger LOG = LoggerFactory.getLogger(TopicMessages.class);
  private static final int BYTES_MAX = 4 * 1024 * 1024;
  private static final String CONTENT_TYPE = "content-type";
  private static final String BINARY = "ce_";
  private static final String CLOUD_EVENTS = "application/cloudevents";

  /** What a message is. */
  sealed interface Message {
    /** An event; its data may not fit nevertheless. */
    record Arrived(Intake.Arrival arrival, String origin) implements Message {
      /** The event, where it could not be taken. */
      LostEvents.Lost lost(String reason) {
        IncomingEvent event = arrival.event();
        return new LostEvents.Lost(
            event.source(), event.id(), event.type(), origin, reason, event.body());
      }
    }

    /** No event, or none that may be there. */
    record Stray(LostEvents.Lost lost) implements Message {}
  }

  private final CloudEvents reader;
  private final Publishers publishers;
  private final Map<String, String> byTopic;

  /**
   * A reader of messages.
   *
   * @param byTopic the publisher whose events may be in it
   */
  TopicMessages(CloudEvents reader, Publishers publishers, Map<String, String> byTopic) {
    this.reader = reader;
    this.publishers = publishers;
    this.byTopic = Map.copyOf(byTopic);
  }

  /** Never fails: what is wrong with the message is said in what it gives. */
  Message read(ConsumerRecord<byte[], byte[]> message) {
    String origin = "kafka " + message.topic() + "/" + message.partition() + "@" + message.offset();
    String publisher = byTopic.getOrDefault(message.topic(), "");
    try {
      IncomingEvent event = event(message);
      Message.Arrived arrived = new Message.Arrived(new Intake.Arrival(event, publisher), origin);
      String objection = publishers.objection(publisher, event);
      return objection == null
          ? arrived
          : new Message.Stray(arrived.lost("topic " + message.topic() + ": " + objection));
    } catch (ProblemException e) {
      return new Message.Stray(
          new LostEvents.Lost("", "", "", origin, String.valueOf(e.getMessage()), text(message)));
    } catch (RuntimeException e) {
      LOG.error("{} brings out a bug", origin, e);
      return new Message.Stray(
          new LostEvents.Lost("", "", "", origin, "cannot be read: " + e, text(message)));
    }
  }

  private IncomingEvent event(ConsumerRecord<byte[], byte[]> message) {
    byte[] value = message.value();
    if (value != null && value.length > BYTES_MAX) {
      throw ProblemException.invalid("value", "has more than " + BYTES_MAX + " bytes");
    }
    Map<String, String> headers = headers(message);
    String contentType = headers.get(CONTENT_TYPE);
    String mediaType =
        String.valueOf(contentType).split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    boolean binary =
        !mediaType.startsWith(CLOUD_EVENTS)
            && headers.keySet().stream().anyMatch(name -> name.startsWith(BINARY));
    if (binary) {
      return reader.binary(attributes(headers), data(value));
    }
    if (value == null) {
      throw ProblemException.invalid("value", "is missing");
    }
    if (mediaType.startsWith(CLOUD_EVENTS) && !mediaType.equals(CloudEvents.STRUCTURED)) {
      throw ProblemException.invalid(CONTENT_TYPE, "must be " + CloudEvents.STRUCTURED);
    }
    return reader.structured(StrictJson.parseObject(value), "");
  }

  private static @Nullable JsonNode data(byte @Nullable [] value) {
    return value == null || value.length == 0 ? null : StrictJson.parse(value);
  }

  private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> message) {
    Map<String, String> headers = new TreeMap<>();
    for (Header header : message.headers()) {
      String name = header.key().toLowerCase(Locale.ROOT);
      if (!name.startsWith(BINARY) && !name.equals(CONTENT_TYPE)) {
        continue;
      }
      String value =
          header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
      if (headers.put(name, value) != null) {
        throw ProblemException.invalid(name, "is there twice");
      }
    }
    return headers;
  }

  private static Map<String, String> attributes(Map<String, String> headers) {
    Map<String, String> attributes = new TreeMap<>();
    headers.forEach(
        (name, value) ->
            attributes.put(
                name.equals(CONTENT_TYPE) ? "datacontenttype" : name.substring(BINARY.length()),
                value));
    return attributes;
  }

  /** All of a message, for people. */
  private static String text(ConsumerRecord<byte[], byte[]> message) {
    StringBuilder text = new StringBuilder();
    for (Header header : message.headers()) {
      text.append(header.key())
          .append(": ")
          .append(header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8))
          .append('\n');
    }
    byte[] value = message.value();
    return text.append(value == null ? "" : new String(value, StandardCharsets.UTF_8)).toString();
  }
}
