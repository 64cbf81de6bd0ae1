package points.service.postgres;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A place in the stream of all transactions, which is in commit order. As text it is opaque to
 * callers and stays valid for ever.
 *
 * @param position the commit order of the transaction's batch
 * @param account the account, in whose order the transactions of one batch come
 * @param seq its number on the account
 */
public record StreamPosition(long position, String account, long seq) {
  /** Before the first. */
  public static final StreamPosition START = new StreamPosition(0, "", 0);

  /** The opaque text. */
  public String text() {
    String plain = position + " " + seq + " " + account;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(plain.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * The position that {@link #text} wrote.
   *
   * @throws IllegalArgumentException if it did not write that
   */
  public static StreamPosition of(String text) {
    String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII);
    String[] parts = plain.split(" ", 3);
    if (parts.length != 3) {
      throw new IllegalArgumentException("not a position");
    }
    StreamPosition position =
        new StreamPosition(Long.parseLong(parts[0]), parts[2], Long.parseLong(parts[1]));
    if (!position.text().equals(text)) {
      throw new IllegalArgumentException("not a position as it is written");
    }
    return position;
  }
}
