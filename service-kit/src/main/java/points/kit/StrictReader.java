package points.kit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One reading of one text, by the rules of {@link StrictJson}. For one thread. */
final class StrictReader {

  private static final int NUMBER_LENGTH_MAX = 128;
  private static final int EXPONENT_MAX = 400;

  /** More parts with faults than any call takes parts: who sends them is not kept waiting. */
  private static final int FAULTS_MAX = 1_000;

  /** The body, an array in it, and one of its elements. */
  private static final int PART_DEPTH = 2;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final JsonParser parser;
  private final @Nullable Map<String, FieldError> faults;

  /** How many objects and arrays are open. */
  private int depth;

  /** Whether what is being read is a part that already has a fault: one is enough. */
  private boolean spoilt;

  /**
   * Reads what this parser is at the beginning of.
   *
   * @param faults gets what is wrong with single parts; null to refuse the whole for it
   */
  StrictReader(JsonParser parser, @Nullable Map<String, FieldError> faults) {
    this.parser = parser;
    this.faults = faults;
  }

  /** The one value that the text is. */
  JsonNode read() throws IOException {
    try {
      if (parser.nextToken() == null) {
        throw ProblemException.invalid(StrictJson.BODY, "must be JSON; there is nothing but space");
      }
      JsonNode value = value();
      if (parser.nextToken() != null) {
        throw ProblemException.invalid(
            StrictJson.BODY, "has something after the end of the JSON value");
      }
      return value;
    } catch (StreamConstraintsException e) {
      // Of the parser's own limits the nesting is the only one that a body can reach.
      throw ProblemException.invalid(place(parser.getParsingContext()), tooDeep());
    } catch (JsonProcessingException e) {
      throw ProblemException.invalid(place(parser.getParsingContext()), malformed(e));
    }
  }

  private static String tooDeep() {
    return "is nested deeper than " + StrictJson.DEPTH_MAX + " levels";
  }

  private static String malformed(JsonProcessingException e) {
    var at = e.getLocation();
    String where =
        at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    return "is not valid JSON" + where;
  }

  private JsonNode value() throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT, START_ARRAY -> container();
      case VALUE_STRING -> NODES.textNode(sound(parser.getText()));
      case VALUE_NUMBER_INT -> integer();
      case VALUE_NUMBER_FLOAT -> decimal();
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("a JSON parser gave " + parser.currentToken());
    };
  }

  private JsonNode container() throws IOException {
    if (depth == StrictJson.DEPTH_MAX) {
      fault(tooDeep());
      parser.skipChildren();
      return NODES.nullNode();
    }
    depth++;
    JsonNode read = parser.currentToken() == JsonToken.START_OBJECT ? object() : array();
    depth--;
    return read;
  }

  private ObjectNode object() throws IOException {
    ObjectNode object = NODES.objectNode();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      sound(name);
      parser.nextToken();
      if (object.replace(name, value()) != null) {
        fault("is there twice");
      }
    }
    return object;
  }

  private ArrayNode array() throws IOException {
    ArrayNode array = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      JsonNode element = value();
      if (spoilt && depth == PART_DEPTH) {
        spoilt = false;
        element = NODES.nullNode();
      }
      array.add(element);
    }
    return array;
  }

  private JsonNode integer() throws IOException {
    if (isTooLong()) {
      return NODES.nullNode();
    }
    return switch (parser.getNumberType()) {
      case INT, LONG -> NODES.numberNode(parser.getLongValue());
      case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> NODES.numberNode(parser.getBigIntegerValue());
    };
  }

  private JsonNode decimal() throws IOException {
    if (isTooLong()) {
      return NODES.nullNode();
    }
    BigDecimal value = null;
    try {
      value = parser.getDecimalValue();
    } catch (NumberFormatException e) {
      // An exponent of more digits than BigDecimal takes.
    }
    if (value == null || Math.abs((long) value.scale()) > EXPONENT_MAX) {
      fault("has an exponent beyond " + EXPONENT_MAX);
      return NODES.nullNode();
    }
    return NODES.numberNode(value);
  }

  /** Looked at before the number is made: to make one of a million digits takes minutes. */
  private boolean isTooLong() throws IOException {
    if (parser.getTextLength() <= NUMBER_LENGTH_MAX) {
      return false;
    }
    fault("has a number of more than " + NUMBER_LENGTH_MAX + " characters");
    return true;
  }

  private String sound(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        fault("has a NUL character");
        return "";
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          fault("has half of a surrogate pair");
          return "";
        }
        i++;
      }
    }
    return text;
  }

  /** Something is wrong where the parser is, though the text is JSON and can be read on. */
  private void fault(String message) {
    if (spoilt) {
      return;
    }
    JsonStreamContext at = parser.getParsingContext();
    FieldError error = new FieldError(place(at), message);
    String part = faults == null || faults.size() == FAULTS_MAX ? null : part(at);
    if (faults == null || part == null) {
      throw ProblemException.invalid(error.field(), error.message());
    }
    faults.put(part, error);
    spoilt = true;
  }

  /** The element of one of the body's arrays that this place is in; null outside of those. */
  private static @Nullable String part(JsonStreamContext place) {
    JsonStreamContext part = null;
    for (JsonStreamContext c = place; c.getParent() != null; c = c.getParent()) {
      if (c.inArray() && c.getNestingDepth() == PART_DEPTH && c.getParent().inObject()) {
        part = c;
      }
    }
    return part == null ? null : place(part);
  }

  /** Where the parser is, as {@code operations[3].amount}. */
  private static String place(JsonStreamContext context) {
    StringBuilder path = new StringBuilder();
    appendPlace(path, context);
    return path.isEmpty() ? StrictJson.BODY : path.toString();
  }

  private static void appendPlace(StringBuilder path, JsonStreamContext context) {
    JsonStreamContext parent = context.getParent();
    if (parent != null) {
      appendPlace(path, parent);
    }
    if (context.inArray()) {
      path.append('[').append(Math.max(0, context.getCurrentIndex())).append(']');
    } else if (context.inObject() && context.getCurrentName() != null) {
      path.append(path.isEmpty() ? "" : ".").append(Excerpt.of(context.getCurrentName()));
    }
  }
}
