package points.client;

import java.util.Map;

/**
 * Takes points from an account for good. Immutable.
 *
 * @param account like {@code user:42}
 * @param amount 1 to 10^12 points
 * @param externalId 1 to 128 visible ASCII characters
 * @param reason 1 to 64 of {@code [a-z0-9._-]}
 * @param metadata empty for none
 */
public record Debit(
    String account, long amount, String externalId, String reason, Map<String, Object> metadata)
    implements Operation {

  /**
   * Checks what can be checked here.
   *
   * @throws IllegalArgumentException if a value is not what the contract allows
   */
  public Debit {
    Checks.account(account);
    Checks.amount(amount);
    Checks.externalId(externalId);
    Checks.reason(reason);
    metadata = Checks.copy(metadata);
  }

  /** A debit without metadata. */
  public static Debit of(String account, long amount, String externalId, String reason) {
    return new Debit(account, amount, externalId, reason, Map.of());
  }

  /** This debit with other metadata. */
  public Debit withMetadata(Map<String, Object> metadata) {
    return new Debit(account, amount, externalId, reason, metadata);
  }
}
