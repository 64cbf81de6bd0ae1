package points.kit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * An event as the world sees it: CloudEvents 1.0 in the JSON format. Immutable.
 *
 * @param source who tells it, for example {@code quest}; unique together with {@code id}
 * @param id of the event
 * @param type like {@code quest.completed}
 * @param subject what it is about; the events of one subject are delivered in order
 * @param time when it happened
 * @param data a JSON object, as text
 */
public record CloudEvent(
    String source, UUID id, String type, String subject, Instant time, String data) {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** The event as one JSON object. */
  public String toJson() {
    return node().toString();
  }

  /** Events as one JSON array, {@code application/cloudevents-batch+json}. */
  static String toJson(List<CloudEvent> events) {
    ArrayNode batch = StrictJson.MAPPER.createArrayNode();
    events.forEach(event -> batch.add(event.node()));
    return batch.toString();
  }

  private ObjectNode node() {
    ObjectNode event = StrictJson.MAPPER.createObjectNode();
    event.put("specversion", "1.0");
    event.put("id", id.toString());
    event.put("source", source);
    event.put("type", type);
    event.put("subject", subject);
    event.put("time", TIME.format(time));
    event.put("datacontenttype", "application/json");
    event.putRawValue("data", new RawValue(data));
    return event;
  }
}
