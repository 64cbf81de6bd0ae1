package points.kit;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The ids that tie an answer to its log lines. They are no secrets, so any random source will do.
 */
final class RequestIds {

  static final String HEADER = "X-Request-Id";
  private static final int LENGTH_MAX = 64;

  /** 100 random bits at 5 a character. */
  private static final int LENGTH = 20;

  private static final byte[] DIGITS =
      "0123456789abcdefghjkmnpqrstvwxyz".getBytes(StandardCharsets.ISO_8859_1);

  private RequestIds() {}

  /** The one that the client sent, if it is harmless; else a new one. */
  static String of(@Nullable String sent) {
    if (sent != null && isHarmless(sent)) {
      return sent;
    }
    ThreadLocalRandom random = ThreadLocalRandom.current();
    byte[] id = new byte[LENGTH];
    long bits = random.nextLong();
    for (int i = 0; i < LENGTH; i++, bits >>>= 5) {
      if (i == LENGTH / 2) {
        bits = random.nextLong();
      }
      id[i] = DIGITS[(int) bits & 31];
    }
    return new String(id, StandardCharsets.ISO_8859_1);
  }

  private static boolean isHarmless(String id) {
    if (id.isEmpty() || id.length() > LENGTH_MAX) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean harmless =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '.'
              || c == '_'
              || c == '-';
      if (!harmless) {
        return false;
      }
    }
    return true;
  }
}
