package points.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads just as much of an HTTP answer as a load generator has to. Stateless. */
final class AnswerText {
  private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

  private AnswerText() {}

  /** Where the body begins in what has been read up to the position; -1 if it is not there yet. */
  static int endOfHeader(ByteBuffer in) {
    for (int i = 3; i < in.position(); i++) {
      if (in.get(i) == '\n' && in.get(i - 2) == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  /** The three digits after {@code HTTP/1.1 }. */
  static int status(ByteBuffer in) {
    return (in.get(9) - '0') * 100 + (in.get(10) - '0') * 10 + in.get(11) - '0';
  }

  /**
   * The length of the body.
   *
   * @throws IOException if the header does not say; the service never sends in chunks
   */
  static int contentLength(ByteBuffer in, int header) throws IOException {
    for (int i = 12; i + LENGTH.length < header; i++) {
      if (in.get(i - 1) == '\n' && isLength(in, i)) {
        int length = 0;
        for (int j = i + LENGTH.length; in.get(j) != '\r'; j++) {
          if (in.get(j) != ' ') {
            length = length * 10 + in.get(j) - '0';
          }
        }
        return length;
      }
    }
    throw new IOException("an answer does not say its length");
  }

  private static boolean isLength(ByteBuffer in, int at) {
    for (int i = 0; i < LENGTH.length; i++) {
      if ((in.get(at + i) | 0x20) != (LENGTH[i] | 0x20)) {
        return false;
      }
    }
    return true;
  }

  /** Where a text begins, from an index on; -1 if it is not there. */
  static int find(ByteBuffer in, byte[] text, int from) {
    for (int i = from; i + text.length <= in.limit(); i++) {
      int j = 0;
      while (j < text.length && in.get(i + j) == text[j]) {
        j++;
      }
      if (j == text.length) {
        return i;
      }
    }
    return -1;
  }

  /** How often a text is there. */
  static int count(ByteBuffer in, byte[] text) {
    int count = 0;
    for (int at = find(in, text, in.position()); at >= 0; at = find(in, text, at + text.length)) {
      count++;
    }
    return count;
  }
}
