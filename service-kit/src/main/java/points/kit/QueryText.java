package points.kit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Percent-encoding, read strictly. */
final class QueryText {

  private QueryText() {}

  /** The parameters as an object of strings; refuses repeated ones by name. */
  static ObjectNode parse(@Nullable String query) {
    ObjectNode parameters = StrictJson.MAPPER.createObjectNode();
    if (query == null || query.isEmpty()) {
      return parameters;
    }
    for (String pair : query.split("&", -1)) {
      if (!pair.isEmpty()) {
        add(parameters, pair);
      }
    }
    return parameters;
  }

  private static void add(ObjectNode parameters, String pair) {
    int equals = pair.indexOf('=');
    String name = decoded(equals < 0 ? pair : pair.substring(0, equals), true);
    String value = decoded(equals < 0 ? "" : pair.substring(equals + 1), true);
    if (name == null || value == null) {
      throw ProblemException.invalid(
          name == null ? "query" : Excerpt.of(name), "is not percent-encoded UTF-8");
    }
    if (parameters.has(name)) {
      throw ProblemException.invalid(Excerpt.of(name), "is there twice");
    }
    parameters.put(name, value);
  }

  /**
   * The text behind the percent-encoding, or null where that is malformed, not UTF-8, or hides a
   * NUL.
   *
   * @param plusIsSpace as in queries, not in paths
   */
  static @Nullable String decoded(String encoded, boolean plusIsSpace) {
    if (encoded.indexOf('%') < 0) {
      return plusIsSpace ? encoded.replace('+', ' ') : encoded;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c == '%') {
        int octet = octet(encoded, i + 1);
        if (octet <= 0) {
          return null;
        }
        bytes.write(octet);
        i += 2;
      } else if (c < 0x80) {
        bytes.write(c == '+' && plusIsSpace ? ' ' : c);
      } else {
        // Not from the network, where it would have been refused; people write it in settings.
        int character = encoded.codePointAt(i);
        bytes.writeBytes(Character.toString(character).getBytes(StandardCharsets.UTF_8));
        i += Character.charCount(character) - 1;
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static int octet(String encoded, int at) {
    if (at + 1 >= encoded.length()) {
      return -1;
    }
    char high = encoded.charAt(at);
    char low = encoded.charAt(at + 1);
    return HexFormat.isHexDigit(high) && HexFormat.isHexDigit(low)
        ? HexFormat.fromHexDigit(high) * 16 + HexFormat.fromHexDigit(low)
        : -1;
  }
}
