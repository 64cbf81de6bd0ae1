package points.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes the fields of a JSON object, or the parameters of a query, one by one. What is wrong is
 * collected; {@link #done()} then reports all of it at once, fields that nobody asked for included.
 *
 * <p>Until {@code done()} has returned, values are not to be trusted: a field in error reads as a
 * harmless value (an empty text, the smallest number, …). A JSON {@code null} is a value like any
 * other, and of no type that a field may have. Not safe for use by several threads.
 */
public final class Fields {

  /** How many errors are told: enough for a person, too few to make an answer large. */
  private static final int ERRORS_MAX = 20;

  private final ObjectNode object;
  private final String prefix;
  private final List<FieldError> errors;
  private final List<String> asked = new ArrayList<>(12);
  private final boolean fromText;
  private Map<String, FieldError> faults = Map.of();
  private int taken;

  private Fields(ObjectNode object, String prefix, List<FieldError> errors, boolean fromText) {
    this.object = object;
    this.prefix = prefix;
    this.errors = errors;
    this.fromText = fromText;
  }

  /** The fields of this object. */
  public static Fields of(ObjectNode object) {
    return new Fields(object, "", new ArrayList<>(0), false);
  }

  /**
   * The fields of a JSON body.
   *
   * @throws ProblemException {@code invalid_request} where it is not a strict JSON object
   */
  public static Fields ofJson(byte[] body) {
    return of(StrictJson.parseObject(body));
  }

  /**
   * The fields of a JSON body that has {@link #separateObjects}: what JSON allows but we do not (a
   * key twice, a NUL, a number without end, too deep a nesting) is an error of the one element that
   * has it.
   *
   * @throws ProblemException {@code invalid_request} where the rest is not a strict JSON object
   */
  public static Fields ofJsonParts(byte[] body) {
    StrictJson.Parts parts = StrictJson.parseParts(body);
    Fields fields = of(parts.object());
    fields.faults = parts.faults();
    return fields;
  }

  /**
   * The parameters of a query, such as {@code limit=5&cursor=x}. Numbers and booleans are read from
   * their text; objects and arrays do not exist here.
   *
   * @param query as sent, percent-encoded; null or empty for none
   * @throws ProblemException {@code invalid_request} for a repeated parameter or a wrong encoding
   */
  public static Fields ofQuery(@Nullable String query) {
    return new Fields(QueryText.parse(query), "", new ArrayList<>(0), true);
  }

  /** A required text; an empty text where it is in error. */
  public String text(String name, TextRule rule) {
    String value = optionalText(name, rule);
    return value == null ? missing(name, "") : value;
  }

  /** A text; null where it is absent, empty where it is in error. */
  public @Nullable String optionalText(String name, TextRule rule) {
    JsonNode node = take(name);
    if (node == null) {
      return null;
    }
    if (!node.isTextual() || !rule.accepts(node.textValue())) {
      refuse(name, "must be " + (node.isTextual() ? "" : "a string, ") + rule.expected());
      return "";
    }
    return node.textValue();
  }

  /** A required whole number; the smallest allowed where it is in error. */
  public long integer(String name, long min, long max) {
    Long value = optionalInteger(name, min, max);
    return value == null ? missing(name, min) : value;
  }

  /** A whole number with a default. */
  public long integerOr(String name, long min, long max, long absent) {
    Long value = optionalInteger(name, min, max);
    return value == null ? absent : value;
  }

  /** A whole number, or null where it is absent. */
  public @Nullable Long optionalInteger(String name, long min, long max) {
    JsonNode node = take(name);
    if (node == null) {
      return null;
    }
    Long value = fromText ? FieldText.integer(node.textValue()) : whole(node);
    if (value == null || value < min || value > max) {
      refuse(name, "must be a whole number from " + min + " to " + max);
      return min;
    }
    return value;
  }

  private static @Nullable Long whole(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong() ? (Long) node.longValue() : null;
  }

  /** True or false, with a default. */
  public boolean flagOr(String name, boolean absent) {
    JsonNode node = take(name);
    if (node == null) {
      return absent;
    }
    String text = fromText ? node.textValue() : node.isBoolean() ? node.asText() : "";
    if (!text.equals("true") && !text.equals("false")) {
      refuse(name, "must be true or false");
    }
    return text.equals("true");
  }

  /** A required one of the enum's constants, in lower case; the first one where it is in error. */
  public <E extends Enum<E>> E choice(String name, Class<E> type) {
    E value = optionalChoice(name, type);
    return value == null ? missing(name, type.getEnumConstants()[0]) : value;
  }

  /** One of the enum's constants, in lower case, with a default. */
  public <E extends Enum<E>> E choiceOr(String name, E absent) {
    E value = optionalChoice(name, absent.getDeclaringClass());
    return value == null ? absent : value;
  }

  /** One of the enum's constants, in lower case, or null where it is absent. */
  public <E extends Enum<E>> @Nullable E optionalChoice(String name, Class<E> type) {
    JsonNode node = take(name);
    if (node == null) {
      return null;
    }
    E[] constants = type.getEnumConstants();
    for (E constant : constants) {
      if (node.isTextual() && lower(constant).equals(node.textValue())) {
        return constant;
      }
    }
    List<String> names = new ArrayList<>();
    for (E constant : constants) {
      names.add(lower(constant));
    }
    refuse(name, "must be one of " + String.join(", ", names));
    return constants[0];
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** A required instant; the epoch where it is in error. */
  public Instant instant(String name) {
    Instant value = optionalInstant(name);
    return value == null ? missing(name, Instant.EPOCH) : value;
  }

  /**
   * An RFC 3339 instant in UTC, years 1970 to 9999, cut off (not rounded) to microseconds; null
   * where it is absent.
   */
  public @Nullable Instant optionalInstant(String name) {
    JsonNode node = take(name);
    if (node == null) {
      return null;
    }
    Instant value = node.isTextual() ? FieldText.instant(node.textValue()) : null;
    if (value == null) {
      refuse(name, "must be a time in UTC like 2026-11-22T18:00:00Z, from 1970 to 9999");
      return Instant.EPOCH;
    }
    return value;
  }

  /**
   * A JSON object of the caller's own making, as compact text with every number's exact value; null
   * where it is absent.
   *
   * @param bytesMax of the compact text in UTF-8
   * @param depthMax the object itself is the first level
   */
  public @Nullable String optionalObject(String name, int bytesMax, int depthMax) {
    JsonNode node = take(name);
    if (node == null) {
      return null;
    }
    if (!node.isObject()) {
      refuse(name, "must be a JSON object");
      return "{}";
    }
    if (FieldText.depth(node) > depthMax) {
      refuse(name, "must be at most " + depthMax + " levels deep");
      return "{}";
    }
    String text = FieldText.compact(node);
    if (FieldText.isLongerInUtf8(text, bytesMax)) {
      refuse(name, "must be at most " + bytesMax + " bytes when written compactly");
      return "{}";
    }
    return text;
  }

  /** Different texts; none where they are absent or in error. */
  public List<String> texts(String name, int max, TextRule rule) {
    JsonNode node = take(name);
    if (node == null) {
      return List.of();
    }
    Set<String> texts = new LinkedHashSet<>();
    for (JsonNode element : node) {
      if (element.isTextual() && rule.accepts(element.textValue())) {
        texts.add(element.textValue());
      }
    }
    if (!node.isArray() || node.size() > max || texts.size() != node.size()) {
      refuse(name, "must be an array of at most " + max + " different " + rule.expected());
      return List.of();
    }
    return List.copyOf(texts);
  }

  /**
   * A required array of objects. The elements report into this object's {@link #done()}, but each
   * needs a {@code done()} of its own to find its unknown fields.
   */
  public List<Fields> objects(String name, int min, int max) {
    return elements(name, min, max, true);
  }

  /**
   * A required array whose elements stand or fall alone: each one's errors, not being an object
   * included, are reported by its own {@link #done()} only.
   */
  public List<Fields> separateObjects(String name, int min, int max) {
    return elements(name, min, max, false);
  }

  private List<Fields> elements(String name, int min, int max, boolean shared) {
    JsonNode node = take(name);
    if (node == null || !node.isArray() || node.size() < min || node.size() > max) {
      refuse(name, "must be an array of " + min + " to " + max + " objects");
      return List.of();
    }
    List<Fields> elements = new ArrayList<>(node.size());
    for (JsonNode element : node) {
      String place = prefix + name + "[" + elements.size() + "]";
      List<FieldError> into = shared ? errors : new ArrayList<>(0);
      ObjectNode inner = element instanceof ObjectNode o ? o : StrictJson.MAPPER.createObjectNode();
      FieldError fault = shared || faults.isEmpty() ? null : faults.remove(place);
      if (fault != null) {
        into.add(fault);
      } else if (!element.isObject()) {
        into.add(new FieldError(place, "must be a JSON object"));
      }
      elements.add(new Fields(inner, place + ".", into, false));
    }
    return elements;
  }

  /** Adds an error that only the caller of this class can see. */
  public void refuse(String name, String message) {
    errors.add(new FieldError(prefix + name, message));
  }

  /** Whether nothing is wrong so far. Unknown fields are only seen by {@link #done()}. */
  public boolean isValid() {
    return errors.isEmpty();
  }

  /**
   * Ends the reading here if something is wrong so far, where to go on would only blame what
   * follows from it.
   *
   * @throws ProblemException {@code invalid_request} with the errors so far, unless there is none
   */
  public void requireValid() {
    if (!errors.isEmpty()) {
      throw new ProblemException(
          Problem.invalid(errors.subList(0, Math.min(errors.size(), ERRORS_MAX))));
    }
  }

  /**
   * Ends the reading.
   *
   * @throws ProblemException {@code invalid_request} with every error, unless there is none
   */
  public void done() {
    if (taken < object.size()) {
      refuseUnknown();
    }
    errors.addAll(faults.values()); // of elements that nobody asked for one by one
    requireValid();
  }

  private void refuseUnknown() {
    String what = fromText ? "is not a parameter of this call" : "is not a field of this call";
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!asked.contains(name) && errors.size() < ERRORS_MAX) {
                refuse(Excerpt.of(name), what);
              }
            });
  }

  private @Nullable JsonNode take(String name) {
    asked.add(name);
    JsonNode node = object.get(name);
    if (node == null) {
      return null;
    }
    taken++;
    return node;
  }

  private <T> T missing(String name, T harmless) {
    refuse(name, "is missing");
    return harmless;
  }
}
