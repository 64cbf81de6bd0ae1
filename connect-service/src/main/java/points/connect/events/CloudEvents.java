package points.connect.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import points.connect.rules.Event;
import points.kit.ProblemException;
import points.kit.Sha256;
import points.kit.TextRule;

/**
 * Reads CloudEvents 1.0 whose data is JSON, in the structured mode (one JSON object) and the binary
 * mode (attributes apart from data). Thread-safe.
 */
public final class CloudEvents {
  /** One event in structured mode. */
  public static final String STRUCTURED = "application/cloudevents+json";

  /** Several events in structured mode. */
  public static final String BATCH = "application/cloudevents-batch+json";

  private static final String DATA = "data";

  /** Numbers of up to so many digits are written without an exponent. */
  private static final int DIGITS_MAX = 40;

  private static final TextRule NAME = TextRule.visibleAscii(1, 256);
  private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9_.]{0,127}");
  private static final Pattern ATTRIBUTE = Pattern.compile("[a-z0-9]{1,20}");
  private static final Set<String> MEDIA_TYPES = Set.of("application/json", "text/json");
  private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final EventSchemas schemas;
  private final InstantSource clock;

  /**
   * A reader.
   *
   * @param clock gives the time of events that have none
   */
  public CloudEvents(EventSchemas schemas, InstantSource clock) {
    this.schemas = schemas;
    this.clock = clock;
  }

  /**
   * An event in structured mode.
   *
   * @param place where it is in the request, as a prefix of the names of its fields
   * @throws ProblemException {@code invalid_request} where the envelope will not do
   */
  public IncomingEvent structured(ObjectNode given, String place) {
    ObjectNode event = withoutUnset(given);
    if (!"1.0".equals(text(event, "specversion", place))) {
      throw ProblemException.invalid(place + "specversion", "must be \"1.0\"");
    }
    String source = name(event, "source", place);
    String id = name(event, "id", place);
    String type = text(event, "type", place);
    if (!TYPE.matcher(type).matches()) {
      throw ProblemException.invalid(place + "type", "must be a type like quest.completed");
    }
    requireAttributes(event, place);
    Instant time = time(event, place);
    JsonNode data = event.get(DATA);
    String misfit = schemas.misfit(type, data);
    Event facts =
        misfit != null || data == null
            ? null
            : new Event(source, id, type, time, schemas.facts(type, data));
    // Data is JSON in any case: to say so or not makes no other event.
    String body = sorted(event.without("datacontenttype"));
    String hash = HexFormat.of().formatHex(Sha256.of(body));
    return new IncomingEvent(source, id, type, time, body, hash, facts, misfit);
  }

  /** An attribute that is null is one that is absent; data that is null is a value. */
  private static ObjectNode withoutUnset(ObjectNode event) {
    ObjectNode set = event.deepCopy();
    set.properties().removeIf(field -> !field.getKey().equals(DATA) && field.getValue().isNull());
    return set;
  }

  /**
   * An event in binary mode.
   *
   * @param attributes by name, in lower case, without any prefix
   * @throws ProblemException {@code invalid_request} where the envelope will not do
   */
  public IncomingEvent binary(Map<String, String> attributes, @Nullable JsonNode data) {
    if (attributes.containsKey(DATA)) {
      throw ProblemException.invalid(DATA, "is the body, not an attribute");
    }
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    attributes.forEach(event::put);
    if (data != null) {
      event.set(DATA, data);
    }
    return structured(event, "");
  }

  /** Reads again what was read before, as when a dead letter is redriven. */
  public IncomingEvent again(ObjectNode event, Instant time) {
    IncomingEvent read = structured(event, "");
    Event facts = read.facts();
    return new IncomingEvent(
        read.source(),
        read.id(),
        read.type(),
        time,
        read.body(),
        read.hash(),
        facts == null
            ? null
            : new Event(facts.source(), facts.id(), facts.type(), time, facts.data()),
        read.misfit());
  }

  private static String text(ObjectNode event, String field, String place) {
    JsonNode value = event.get(field);
    if (value == null || !value.isTextual()) {
      throw ProblemException.invalid(
          place + field, value == null ? "is missing" : "must be a string");
    }
    return value.textValue();
  }

  private static String name(ObjectNode event, String field, String place) {
    String value = text(event, field, place);
    if (!NAME.accepts(value)) {
      throw ProblemException.invalid(place + field, "must be " + NAME.expected());
    }
    return value;
  }

  /** The attributes that have no meaning here have a form nevertheless. */
  private static void requireAttributes(ObjectNode event, String place) {
    for (var attribute : event.properties()) {
      String name = attribute.getKey();
      if (name.equals(DATA)) {
        continue;
      }
      if (name.equals("data_base64")) {
        throw ProblemException.invalid(place + name, "is not supported: send data as JSON");
      }
      if (!ATTRIBUTE.matcher(name).matches()) {
        throw ProblemException.invalid(
            place + "attributes", "must have names of 1 to 20 of [a-z0-9]");
      }
      if (attribute.getValue().isContainerNode()) {
        throw ProblemException.invalid(place + name, "must be a plain value");
      }
      if (attribute.getValue().asText().codePoints().anyMatch(Character::isISOControl)) {
        throw ProblemException.invalid(place + name, "must not have control characters");
      }
    }
    JsonNode mediaType = event.get("datacontenttype");
    if (mediaType != null && !isJson(mediaType.asText())) {
      throw ProblemException.invalid(place + "datacontenttype", "must be application/json");
    }
  }

  private static boolean isJson(String mediaType) {
    return MEDIA_TYPES.contains(
        mediaType.split(";", 2)[0].strip().toLowerCase(java.util.Locale.ROOT));
  }

  private Instant time(ObjectNode event, String place) {
    JsonNode value = event.get("time");
    if (value == null) {
      return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
    try {
      String text = value.asText();
      if (value.isTextual() && text.length() <= 40) {
        Instant time = OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS);
        if (!time.isBefore(EARLIEST) && !time.isAfter(LATEST)) {
          return time;
        }
      }
    } catch (DateTimeException e) {
      // said below
    }
    throw ProblemException.invalid(
        place + "time", "must be a time like 2026-11-22T18:00:00Z, from 1970 to 9999");
  }

  private static String sorted(JsonNode event) {
    try {
      return JSON.writeValueAsString(sort(event));
    } catch (JsonProcessingException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static JsonNode sort(JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode sorted = JsonNodeFactory.instance.objectNode();
      Map<String, JsonNode> fields = new TreeMap<>();
      object.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
      fields.forEach((name, value) -> sorted.set(name, sort(value)));
      return sorted;
    }
    if (node.isArray()) {
      var sorted = JsonNodeFactory.instance.arrayNode();
      node.forEach(item -> sorted.add(sort(item)));
      return sorted;
    }
    return node instanceof DecimalNode ? plain(node.decimalValue()) : node;
  }

  /** One way to write a number: 1.10, 1.1 and 11e-1 make the same event. */
  private static JsonNode plain(BigDecimal number) {
    BigDecimal shortest = number.stripTrailingZeros();
    int digits = shortest.precision() - shortest.scale();
    return shortest.scale() <= 0 && digits <= DIGITS_MAX
        ? JsonNodeFactory.instance.numberNode(shortest.toBigIntegerExact())
        : DecimalNode.valueOf(shortest);
  }
}
