package points.ledger;

/**
 * What makes an operation one: the caller's own id for it. Compared byte for byte, never folded.
 *
 * @param source who calls, for example {@code quest}
 * @param externalId 1 … 128 visible ASCII characters, unique within the source across all verbs
 */
public record ExternalKey(String source, String externalId) {
  /** The source of the transactions that the service makes by itself. */
  public static final String SERVICE = "points";

  /**
   * Checks the id.
   *
   * @throws IllegalArgumentException if it is empty, too long or not visible ASCII
   */
  public ExternalKey {
    if (externalId.isEmpty() || externalId.length() > 128) {
      throw new IllegalArgumentException("external_id must have 1 … 128 characters");
    }
    for (int i = 0; i < externalId.length(); i++) {
      if (externalId.charAt(i) <= ' ' || externalId.charAt(i) > '~') {
        throw new IllegalArgumentException("external_id must be visible ASCII");
      }
    }
  }
}
