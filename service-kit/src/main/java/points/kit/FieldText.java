package points.kit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The texts inside of fields: numbers of a query, instants, compact JSON. */
final class FieldText {

  private static final int INSTANT_LENGTH_MAX = 35;

  private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,18})");

  /** Instant.parse alone would also take 24:00:00, other offsets and years of six digits. */
  private static final Pattern INSTANT =
      Pattern.compile(
          "((?:19[7-9][0-9]|[2-9][0-9]{3})-[0-9]{2}-[0-9]{2}"
              + "T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?)(?:Z|\\+00:00)");

  private FieldText() {}

  /** The number, or null where the text is not the plain form of one that fits a long. */
  static @Nullable Long integer(String text) {
    if (!INTEGER.matcher(text).matches()) {
      return null;
    }
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null; // 19 digits, but too large
    }
  }

  /** The instant, or null where the text is not an RFC 3339 one in UTC, 1970 to 9999. */
  static @Nullable Instant instant(String text) {
    if (text.length() > INSTANT_LENGTH_MAX) {
      return null;
    }
    var match = INSTANT.matcher(text);
    if (!match.matches()) {
      return null;
    }
    try {
      return Instant.parse(match.group(1) + "Z").truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeException e) {
      return null; // the 31st of February
    }
  }

  /** Levels of nesting; a plain value has none. */
  static int depth(JsonNode node) {
    if (!node.isContainerNode()) {
      return 0;
    }
    int deepest = 0;
    for (JsonNode child : node) {
      deepest = Math.max(deepest, depth(child));
    }
    return deepest + 1;
  }

  /** Without any space; object keys stay in their order. */
  static String compact(JsonNode node) {
    try {
      return StrictJson.MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean isLongerInUtf8(String text, int bytesMax) {
    // At most three bytes a UTF-16 unit: the exact count is seldom needed.
    return text.length() > bytesMax
        || (text.length() > bytesMax / 3
            && text.getBytes(StandardCharsets.UTF_8).length > bytesMax);
  }
}
