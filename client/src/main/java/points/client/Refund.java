package points.client;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Gives back points that were debited or captured. Immutable.
 *
 * @param transactionId of a debit or capture that this source made
 * @param externalId 1 to 128 visible ASCII characters
 * @param amount 1 to 10^12 points; null for all that has not been given back yet
 * @param reason 1 to 64 of {@code [a-z0-9._-]}; null for none
 * @param metadata empty for none
 */
public record Refund(
    UUID transactionId,
    String externalId,
    @Nullable Long amount,
    @Nullable String reason,
    Map<String, Object> metadata)
    implements Operation {

  /**
   * Checks what can be checked here.
   *
   * @throws IllegalArgumentException if a value is not what the contract allows
   */
  public Refund {
    Checks.externalId(externalId);
    Checks.optionalAmount(amount);
    Checks.optionalReason(reason);
    metadata = Checks.copy(metadata);
  }

  /** A refund of all that has not been given back yet. */
  public static Refund all(UUID transactionId, String externalId) {
    return new Refund(transactionId, externalId, null, null, Map.of());
  }

  /** A refund of so many points. */
  public static Refund part(UUID transactionId, String externalId, long amount) {
    return new Refund(transactionId, externalId, amount, null, Map.of());
  }

  /** This refund with a reason. */
  public Refund withReason(String reason) {
    return new Refund(transactionId, externalId, amount, reason, metadata);
  }

  /** This refund with other metadata. */
  public Refund withMetadata(Map<String, Object> metadata) {
    return new Refund(transactionId, externalId, amount, reason, metadata);
  }
}
