package points.connect.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.DisallowUnknownKeywordFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import points.connect.rules.EventType;
import points.connect.rules.FieldType;

/**
 * The JSON Schemas of the events' data ({@code contracts/events/}), each compiled once: what data
 * has to look like, and which of its fields rules can see. Immutable, thread-safe.
 */
public final class EventSchemas {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ITEMS_MAX = 1_000;
  private static final int MISFIT_LENGTH_MAX = 500;

  /** Of several kinds: a word, a number, an account, a time. */
  private static final List<String> TEXTS =
      List.of("x", "42", "user:1", "2026-01-01T00:00:00Z", "a longer text, with spaces");

  /** The types that the mission names. */
  private static final List<String> SHIPPED =
      List.of(
          "quest.completed",
          "voucher.purchased",
          "voucher.refunded",
          "rielt.booking_paid",
          "rielt.booking_cancelled",
          "referral.joined_level1",
          "referral.joined_level2",
          "referral.user_upgraded_to_vip",
          "referral.user_upgraded_to_pro");

  private record Known(EventType type, Schema schema) {}

  private final Map<String, Known> known = new TreeMap<>();

  private EventSchemas() {}

  /** The schemas that are packed with the service. */
  public static EventSchemas shipped() {
    EventSchemas schemas = new EventSchemas();
    SchemaRegistry registry = SchemaRegistry.withDialect(dialect());
    for (String name : SHIPPED) {
      JsonNode text = read("/contracts/events/" + name + ".json");
      schemas.known.put(name, new Known(type(name, text), registry.getSchema(text)));
    }
    return schemas;
  }

  /** JSON Schema 2020-12, in which a misspelt keyword is an error, not a comment. */
  private static Dialect dialect() {
    return Dialect.builder(Dialects.getDraft202012())
        .unknownKeywordFactory(DisallowUnknownKeywordFactory.getInstance())
        .build();
  }

  private static JsonNode read(String resource) {
    try (InputStream in = EventSchemas.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("not packed: " + resource);
      }
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static EventType type(String name, JsonNode schema) {
    Map<String, FieldType> fields = new HashMap<>();
    Map<String, List<String>> texts = new HashMap<>();
    int itemsMax = 0;
    for (var property : schema.path("properties").properties()) {
      FieldType field = fieldType(name, property.getValue());
      fields.put(property.getKey(), field);
      if (field == FieldType.TEXT || field == FieldType.TEXT_LIST) {
        texts.put(property.getKey(), texts(property.getValue()));
      }
      itemsMax = Math.max(itemsMax, property.getValue().path("maxItems").asInt(0));
    }
    Set<String> required = new HashSet<>();
    schema.path("required").forEach(field -> required.add(field.asText()));
    return new EventType(name, fields, required, Math.min(itemsMax, ITEMS_MAX), texts);
  }

  /** Some texts that a field can have, so that rules can be tried before an event comes. */
  private static List<String> texts(JsonNode property) {
    JsonNode text =
        property.path("type").asText().equals("array") ? property.get("items") : property;
    List<String> fitting = new ArrayList<>();
    text.path("enum").forEach(value -> fitting.add(value.asText()));
    Pattern pattern = Pattern.compile(text.path("pattern").asText(""));
    TEXTS.stream().filter(pattern.asPredicate()).forEach(fitting::add);
    return fitting;
  }

  private static FieldType fieldType(String name, JsonNode property) {
    String type = property.path("type").asText();
    return switch (type.equals("array")
        ? "array of " + property.at("/items/type").asText()
        : type) {
      case "string" -> FieldType.TEXT;
      case "integer" -> FieldType.INTEGER;
      case "boolean" -> FieldType.FLAG;
      case "array of string" -> FieldType.TEXT_LIST;
      case "array of integer" -> FieldType.INTEGER_LIST;
      default -> throw new IllegalStateException(name + " has a field of type " + type);
    };
  }

  /** All known types of events, as rules see them. */
  public Collection<EventType> types() {
    return known.values().stream().map(Known::type).toList();
  }

  /**
   * Why an event of this type cannot have this data; null where it can.
   *
   * @param data a JSON value; null where the event has none
   */
  public @Nullable String misfit(String type, @Nullable JsonNode data) {
    Known schema = known.get(type);
    if (schema == null) {
      return "there is no schema for events of type " + type;
    }
    if (data == null) {
      return "it has no data";
    }
    List<Error> errors = schema.schema().validate(data);
    if (errors.isEmpty()) {
      return null;
    }
    List<String> reasons = new ArrayList<>();
    errors.forEach(error -> reasons.add(error.getInstanceLocation() + " " + error.getMessage()));
    String all = "data does not fit its schema: " + String.join("; ", reasons);
    return all.length() > MISFIT_LENGTH_MAX ? all.substring(0, MISFIT_LENGTH_MAX) + "…" : all;
  }

  /**
   * What rules see of data that fits.
   *
   * @throws IllegalArgumentException for an unknown type
   */
  public Map<String, Object> facts(String type, JsonNode data) {
    Known schema = known.get(type);
    if (schema == null) {
      throw new IllegalArgumentException("no schema for " + type);
    }
    Map<String, Object> facts = new HashMap<>();
    for (var field : schema.type().fields().entrySet()) {
      JsonNode value = data.get(field.getKey());
      if (value != null) {
        facts.put(field.getKey(), fact(field.getValue(), value));
      }
    }
    return facts;
  }

  private static Object fact(FieldType type, JsonNode value) {
    return switch (type) {
      case TEXT -> value.textValue();
      case INTEGER -> value.longValue();
      case FLAG -> value.booleanValue();
      case TEXT_LIST -> list(value, FieldType.TEXT);
      case INTEGER_LIST -> list(value, FieldType.INTEGER);
    };
  }

  private static List<Object> list(JsonNode value, FieldType items) {
    List<Object> list = new ArrayList<>(value.size());
    value.forEach(item -> list.add(fact(items, item)));
    return List.copyOf(list);
  }
}
