package points.ledger;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * The name of an account that callers may move points on: {@code kind:id}, for example {@code
 * user:42}. Immutable; ordered by the bytes of the name, which is the order locks are taken in.
 *
 * @param name {@code [a-z][a-z0-9_]{0,15}:[A-Za-z0-9._~-]{1,64}}, with a kind that is not reserved
 *     for the ledger's own accounts
 */
public record AccountId(String name) implements Comparable<AccountId> {
  /** How many buckets the accounts are spread over. */
  public static final int BUCKETS = 4096;

  /** What a name looks like, as a regular expression. */
  public static final String PATTERN = "[a-z][a-z0-9_]{0,15}:[A-Za-z0-9._~-]{1,64}";

  /** Kinds that name the ledger's own accounts, the other side of every posting. */
  public static final Set<String> RESERVED_KINDS =
      Set.of("issued", "spent", "expired", "adjusted", "system");

  private static final int KIND_MAX = 16;
  private static final int ID_MAX = 64;

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if it has another shape or a reserved kind
   */
  public AccountId {
    int colon = name.indexOf(':');
    if (!isKind(name, colon) || !isId(name, colon + 1)) {
      throw new IllegalArgumentException("must be kind:id, matching " + PATTERN);
    }
    String kind = name.substring(0, colon);
    if (RESERVED_KINDS.contains(kind)) {
      throw new IllegalArgumentException("the kind " + kind + " is reserved for the ledger itself");
    }
  }

  /** Whether this would be a name, if its kind were not reserved for the ledger itself. */
  public static boolean isReserved(String name) {
    int colon = name.indexOf(':');
    return isKind(name, colon)
        && isId(name, colon + 1)
        && RESERVED_KINDS.contains(name.substring(0, colon));
  }

  /** {@link #PATTERN} by hand: names are checked several times for every command. */
  private static boolean isKind(String name, int end) {
    if (end < 1 || end > KIND_MAX || !isLower(name.charAt(0))) {
      return false;
    }
    for (int i = 1; i < end; i++) {
      char c = name.charAt(i);
      if (!isLower(c) && !isDigit(c) && c != '_') {
        return false;
      }
    }
    return true;
  }

  private static boolean isId(String name, int start) {
    int length = name.length() - start;
    if (length < 1 || length > ID_MAX) {
      return false;
    }
    for (int i = start; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean isMark = c == '.' || c == '_' || c == '~' || c == '-';
      if (!isLower(c) && !isDigit(c) && !isMark && !(c >= 'A' && c <= 'Z')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /**
   * The account's bucket, 0 … 4095: CRC-32C (RFC 3720, appendix B.4) of the name, lowest 12 bits.
   * Stable for ever: it is stored with every row and inside every id.
   */
  public int bucket() {
    CRC32C crc = new CRC32C();
    crc.update(name.getBytes(StandardCharsets.US_ASCII));
    return (int) (crc.getValue() & (BUCKETS - 1));
  }

  @Override
  public int compareTo(AccountId other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
