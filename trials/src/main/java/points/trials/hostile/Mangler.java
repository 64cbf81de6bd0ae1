package points.trials.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes texts out of texts: of those given, and of those made that were good ones. What it makes
 * hangs on the seed and on which were good. Not safe for use by several threads.
 */
final class Mangler {
  private static final int LENGTH_MAX = 70_000;
  private static final int GOOD_MAX = 500;
  private static final int REPEATS_MAX = 3_000;

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-1",
          "1e3",
          "1e999999999",
          "-1e-999999999",
          "9223372036854775807",
          "9223372036854775808",
          "18446744073709551616",
          "0.1",
          "99999999999999999999999999999999");

  private final SplittableRandom random;
  private final List<byte[]> texts = new ArrayList<>();
  private final List<byte[]> words = new ArrayList<>();
  private final int given;

  /**
   * Begins with these.
   *
   * @param dictionary words that mean something there
   */
  Mangler(SplittableRandom random, List<String> corpus, List<String> dictionary) {
    this.random = random;
    corpus.forEach(text -> texts.add(text.getBytes(StandardCharsets.UTF_8)));
    dictionary.forEach(word -> words.add(word.getBytes(StandardCharsets.UTF_8)));
    NUMBERS.forEach(word -> words.add(word.getBytes(StandardCharsets.UTF_8)));
    given = texts.size();
  }

  /** The next one. */
  byte[] next() {
    byte[] text = any(texts);
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      text = mangled(text);
    }
    return text.length > LENGTH_MAX ? Arrays.copyOf(text, LENGTH_MAX) : text;
  }

  /** That one was good: more can be made of it. */
  void keep(byte[] text) {
    if (texts.size() < GOOD_MAX) {
      texts.add(text);
    } else {
      texts.set(given + random.nextInt(GOOD_MAX - given), text);
    }
  }

  private byte[] mangled(byte[] text) {
    int from = random.nextInt(text.length + 1);
    int to = Math.min(text.length, from + random.nextInt(1, 20));
    return switch (random.nextInt(10)) {
      case 0 -> replaced(text, from, to, new byte[0]);
      case 1, 2 -> replaced(text, from, from, any(words));
      case 3 -> replaced(text, from, to, any(words));
      case 4 -> replaced(text, from, to, slice(any(texts)));
      case 5 -> replaced(text, from, from, repeated(Arrays.copyOfRange(text, from, to)));
      case 6 -> Arrays.copyOf(text, from);
      case 7 -> replaced(text, from, from, repeated(any(words)));
      case 8 -> replaced(text, from, from, new byte[] {(byte) random.nextInt(256)});
      default -> flipped(text);
    };
  }

  private static byte[] replaced(byte[] text, int from, int to, byte[] by) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + by.length);
    out.write(text, 0, from);
    out.writeBytes(by);
    out.write(text, to, text.length - to);
    return out.toByteArray();
  }

  private byte[] slice(byte[] text) {
    int from = random.nextInt(text.length + 1);
    return Arrays.copyOfRange(text, from, Math.min(text.length, from + random.nextInt(1, 60)));
  }

  /** Few times mostly; deep nesting comes of many. */
  private byte[] repeated(byte[] part) {
    int times = random.nextInt(40) == 0 ? random.nextInt(REPEATS_MAX) : random.nextInt(1, 4);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < times && out.size() < LENGTH_MAX; i++) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private byte[] flipped(byte[] text) {
    if (text.length == 0) {
      return text;
    }
    byte[] other = text.clone();
    other[random.nextInt(other.length)] ^= (byte) (1 << random.nextInt(8));
    return other;
  }

  private byte[] any(List<byte[]> list) {
    return list.get(random.nextInt(list.size()));
  }
}
