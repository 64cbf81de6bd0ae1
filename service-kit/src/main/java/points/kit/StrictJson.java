package points.kit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  /** Where the parser gives up, whatever is nested: each open level costs it memory. */
  private static final int NESTING_MAX = 1_000;

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          // Names and numbers are as long as the body may be: StrictReader says what is too long,
          // and only the nesting is left to end the reading.
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(NESTING_MAX)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /** Writes what this class reads; it keeps decimals as they were sent. */
  static final ObjectMapper MAPPER =
      JsonMapper.builder().disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES).build();

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
    return object(body, null);
  }

  /**
   * What was read of a body whose arrays have parts that stand or fall alone.
   *
   * @param object with {@code null} in place of each part that has a fault
   * @param faults what is wrong with those parts, by their places, like {@code operations[3]}
   */
  record Parts(ObjectNode object, Map<String, FieldError> faults) {}

  /**
   * Reads one JSON object; what is wrong inside an element of one of its arrays is that element's
   * fault alone. Where the text is no JSON at all, nobody can say where an element ends: then, and
   * for what is wrong elsewhere, the whole is refused.
   *
   * @throws ProblemException {@code invalid_request} where the body as a whole is wrong
   */
  static Parts parseParts(byte[] body) {
    Map<String, FieldError> faults = new HashMap<>();
    return new Parts(object(body, faults), faults);
  }

  private static ObjectNode object(byte[] body, @Nullable Map<String, FieldError> faults) {
    if (body.length == 0) {
      throw ProblemException.invalid(BODY, "must be a JSON object; it is empty");
    }
    if (parse(body, faults) instanceof ObjectNode object) {
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
    return parse(body, null);
  }

  private static JsonNode parse(byte[] body, @Nullable Map<String, FieldError> faults) {
    requireUtf8(body);
    try (JsonParser parser = FACTORY.createParser(body)) {
      return new StrictReader(parser, faults).read();
    } catch (IOException e) {
      // The source is an array in memory: there is nothing to read that could fail.
      throw new UncheckedIOException(e);
    }
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
}
