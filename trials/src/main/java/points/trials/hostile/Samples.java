package points.trials.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Makes values that a schema of a document allows. Not safe for use by several threads. */
final class Samples {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int DEPTH_MAX = 6;
  private static final int LENGTH_MAX = 24;
  private static final int ITEMS_MAX = 4;
  private static final long LARGEST = 1_000_000_000_000L;
  private static final Map<String, Pattern> PATTERNS = new ConcurrentHashMap<>();

  private final JsonNode document;
  private final SplittableRandom random;

  Samples(JsonNode document, SplittableRandom random) {
    this.document = document;
    this.random = random;
  }

  /** A value that the schema allows, as far as it says what it wants in the usual words. */
  JsonNode of(JsonNode schema) {
    return of(schema, 0);
  }

  private JsonNode of(JsonNode given, int depth) {
    JsonNode schema = resolved(given);
    if (schema.has("const")) {
      return schema.path("const");
    }
    if (schema.has("enum")) {
      return any(schema.path("enum"));
    }
    for (String choice : Set.of("oneOf", "anyOf")) {
      if (schema.has(choice)) {
        return of(any(schema.path(choice)), depth);
      }
    }
    return switch (type(schema)) {
      case "object" -> object(schema, depth);
      case "array" -> array(schema, depth);
      case "integer", "number" -> NODES.numberNode(integer(schema));
      case "boolean" -> NODES.booleanNode(random.nextBoolean());
      case "null" -> NODES.nullNode();
      default -> NODES.textNode(text(schema));
    };
  }

  private JsonNode resolved(JsonNode schema) {
    JsonNode at = schema;
    while (at.has("$ref")) {
      at = document.at(at.path("$ref").asText().substring(1));
    }
    return at;
  }

  private String type(JsonNode schema) {
    JsonNode type = schema.path("type");
    if (type.isArray()) {
      return any(type).asText();
    }
    boolean isObject = schema.has("properties") || schema.has("allOf");
    return isObject ? "object" : type.asText("string");
  }

  private JsonNode any(JsonNode list) {
    return list.path(random.nextInt(list.size()));
  }

  private ObjectNode object(JsonNode schema, int depth) {
    ObjectNode object = NODES.objectNode();
    for (JsonNode part : schema.path("allOf")) {
      JsonNode all = resolved(part);
      if (all.has("properties")) {
        object.setAll(object(all, depth));
      }
    }
    Set<String> required = new java.util.HashSet<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    for (var property : schema.path("properties").properties()) {
      boolean wanted = depth < DEPTH_MAX && random.nextInt(3) == 0;
      if (required.contains(property.getKey()) || wanted) {
        object.set(property.getKey(), of(property.getValue(), depth + 1));
      }
    }
    return object;
  }

  private ArrayNode array(JsonNode schema, int depth) {
    int min = schema.path("minItems").asInt(0);
    int max = Math.max(min, Math.min(schema.path("maxItems").asInt(ITEMS_MAX), min + ITEMS_MAX));
    ArrayNode array = NODES.arrayNode();
    int count = depth >= DEPTH_MAX ? min : min + random.nextInt(max - min + 1);
    for (int i = 0; i < count; i++) {
      array.add(of(schema.path("items"), depth + 1));
    }
    return array;
  }

  /** Small ones mostly; now and then the limits themselves. */
  private long integer(JsonNode schema) {
    long min = schema.path("minimum").asLong(0);
    long max = schema.path("maximum").asLong(LARGEST);
    return switch (random.nextInt(8)) {
      case 0 -> min;
      case 1 -> max;
      case 2 -> random.nextLong(min, Math.max(min + 1, max));
      default -> random.nextLong(min, Math.max(min + 1, Math.min(max, min + 100)));
    };
  }

  private String text(JsonNode schema) {
    String format = schema.path("format").asText("");
    String pattern = schema.path("pattern").asText("");
    if (!pattern.isEmpty() && !format.equals("date-time") && !format.equals("date")) {
      return PATTERNS.computeIfAbsent(pattern, Pattern::of).sample(random);
    }
    return switch (format) {
      case "uuid" -> new UUID(random.nextLong(), random.nextLong()).toString();
      case "date" -> LocalDate.of(2030, 1, 1).plusDays(random.nextInt(3_000)).toString();
      case "date-time" ->
          Instant.ofEpochSecond(1_800_000_000L + random.nextInt(1 << 30)).toString();
      default -> {
        int min = schema.path("minLength").asInt(1);
        int max = Math.min(schema.path("maxLength").asInt(LENGTH_MAX), min + LENGTH_MAX);
        yield letters(min + random.nextInt(Math.max(1, max - min + 1)));
      }
    };
  }

  private String letters(int count) {
    StringBuilder text = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.toString();
  }
}
