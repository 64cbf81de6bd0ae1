package points.kit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON that can mean only one thing: UTF-8 without a byte order mark, no duplicate key,
 * nothing after the end, no comment, NaN, NUL or half of a surrogate pair, at most 32 levels.
 * Everything else is {@code invalid_request}, naming the place.
 *
 * <p>Numbers keep their exact value. A number with more than 128 characters or an exponent beyond
 * ±400 is refused, because neither a double nor PostgreSQL's jsonb would keep it.
 *
 * <p>Stateless, safe for use by many threads.
 */
public final class StrictJson {

  /** The name under which an error of the body as a whole is reported. */
  static final String BODY = "body";

  static final int DEPTH_MAX = 32;
  private static final int NUMBER_LENGTH_MAX = 128;
  private static final int EXPONENT_MAX = 400;

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxNumberLength(NUMBER_LENGTH_MAX)
                  .build())
          .build();

  /** Writes what this class reads; it keeps decimals as they were sent. */
  static final ObjectMapper MAPPER =
      JsonMapper.builder().disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES).build();

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private StrictJson() {}

  /**
   * Reads one JSON object.
   *
   * @throws ProblemException {@code invalid_request} where the body is anything else
   */
  public static ObjectNode parseObject(Buffer body) {
    return parseObject(body.getBytes());
  }

  /**
   * Reads one JSON object.
   *
   * @throws ProblemException {@code invalid_request} where the body is anything else
   */
  public static ObjectNode parseObject(byte[] body) {
    if (body.length == 0) {
      throw ProblemException.invalid(BODY, "must be a JSON object; it is empty");
    }
    if (parse(body) instanceof ObjectNode object) {
      return object;
    }
    throw ProblemException.invalid(BODY, "must be a JSON object");
  }

  /**
   * Reads one JSON object, array or plain value.
   *
   * @throws ProblemException {@code invalid_request} where the body is anything else
   */
  public static JsonNode parse(byte[] body) {
    if (body.length == 0) {
      throw ProblemException.invalid(BODY, "must be JSON; it is empty");
    }
    requireUtf8(body);
    try (JsonParser parser = FACTORY.createParser(body)) {
      return value(parser);
    } catch (IOException e) {
      // The source is an array in memory: there is nothing to read that could fail.
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode value(JsonParser parser) throws IOException {
    try {
      if (parser.nextToken() == null) {
        throw ProblemException.invalid(BODY, "must be JSON; there is nothing but space");
      }
      JsonNode value = readValue(parser);
      if (parser.nextToken() != null) {
        throw ProblemException.invalid(BODY, "has something after the end of the JSON value");
      }
      return value;
    } catch (StreamConstraintsException e) {
      throw ProblemException.invalid(
          place(parser.getParsingContext()),
          "is nested deeper than " + DEPTH_MAX + " levels or has a token that is too long");
    } catch (JsonProcessingException e) {
      throw ProblemException.invalid(place(parser.getParsingContext()), malformed(e));
    }
  }

  private static String malformed(JsonProcessingException e) {
    var at = e.getLocation();
    String where =
        at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    return "is not valid JSON" + where;
  }

  /** Text of plain ASCII is the common case, and needs no decoder. */
  private static void requireUtf8(byte[] body) {
    if (body.length >= 3
        && body[0] == (byte) 0xEF
        && body[1] == (byte) 0xBB
        && body[2] == (byte) 0xBF) {
      throw ProblemException.invalid(BODY, "starts with a byte order mark");
    }
    int seen = 0;
    for (byte b : body) {
      seen |= b;
    }
    if (seen >= 0) {
      return;
    }
    try {
      var unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
    } catch (CharacterCodingException e) {
      throw ProblemException.invalid(BODY, "is not UTF-8");
    }
  }

  private static ObjectNode readObject(JsonParser parser) throws IOException {
    ObjectNode object = NODES.objectNode();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      requireText(parser, name);
      parser.nextToken();
      if (object.replace(name, readValue(parser)) != null) {
        throw ProblemException.invalid(place(parser.getParsingContext()), "is there twice");
      }
    }
    return object;
  }

  private static ArrayNode readArray(JsonParser parser) throws IOException {
    ArrayNode array = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(readValue(parser));
    }
    return array;
  }

  private static JsonNode readValue(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> readObject(parser);
      case START_ARRAY -> readArray(parser);
      case VALUE_STRING -> NODES.textNode(requireText(parser, parser.getText()));
      case VALUE_NUMBER_INT -> readInteger(parser);
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(readDecimal(parser));
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("a JSON parser gave " + parser.currentToken());
    };
  }

  private static JsonNode readInteger(JsonParser parser) throws IOException {
    return switch (parser.getNumberType()) {
      case INT, LONG -> NODES.numberNode(parser.getLongValue());
      case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> NODES.numberNode(parser.getBigIntegerValue());
    };
  }

  private static BigDecimal readDecimal(JsonParser parser) throws IOException {
    BigDecimal value;
    try {
      value = parser.getDecimalValue();
    } catch (NumberFormatException e) {
      throw exponent(parser); // of more digits than BigDecimal takes
    }
    if (Math.abs((long) value.scale()) > EXPONENT_MAX) {
      throw exponent(parser);
    }
    return value;
  }

  private static ProblemException exponent(JsonParser parser) {
    return ProblemException.invalid(
        place(parser.getParsingContext()), "has an exponent beyond " + EXPONENT_MAX);
  }

  private static String requireText(JsonParser parser, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw ProblemException.invalid(place(parser.getParsingContext()), "has a NUL character");
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          throw ProblemException.invalid(
              place(parser.getParsingContext()), "has half of a surrogate pair");
        }
        i++;
      }
    }
    return text;
  }

  /** Where the parser is, as {@code operations[3].amount}. */
  private static String place(JsonStreamContext context) {
    StringBuilder path = new StringBuilder();
    appendPlace(path, context);
    return path.isEmpty() ? BODY : path.toString();
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
