package points.client;

import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes a credit back. Immutable.
 *
 * @param transactionId of a credit that this source made
 * @param externalId 1 to 128 visible ASCII characters
 * @param amount 1 to 10^12 points; null for all that has not been taken back yet
 * @param policy what to do where the account no longer has that much
 * @param reason 1 to 64 of {@code [a-z0-9._-]}; null for none
 * @param metadata empty for none
 */
public record Reverse(
    UUID transactionId,
    String externalId,
    @Nullable Long amount,
    Policy policy,
    @Nullable String reason,
    Map<String, Object> metadata)
    implements Operation {

  /** What to do where the account no longer has that much. */
  public enum Policy {
    /** Refuse: all or nothing. */
    REJECT,
    /** Take as much as is there. */
    WITHIN_BALANCE,
    /** Take what is there and make the rest a debt, which future credits repay first. */
    DEBT;

    /** The name in the contract. */
    String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Checks what can be checked here.
   *
   * @throws IllegalArgumentException if a value is not what the contract allows
   */
  public Reverse {
    Checks.externalId(externalId);
    Checks.optionalAmount(amount);
    Checks.optionalReason(reason);
    metadata = Checks.copy(metadata);
  }

  /** A reverse of all that has not been taken back yet. */
  public static Reverse all(UUID transactionId, String externalId, Policy policy) {
    return new Reverse(transactionId, externalId, null, policy, null, Map.of());
  }

  /** A reverse of so many points. */
  public static Reverse part(UUID transactionId, String externalId, long amount, Policy policy) {
    return new Reverse(transactionId, externalId, amount, policy, null, Map.of());
  }

  /** This reverse with a reason. */
  public Reverse withReason(String reason) {
    return new Reverse(transactionId, externalId, amount, policy, reason, metadata);
  }

  /** This reverse with other metadata. */
  public Reverse withMetadata(Map<String, Object> metadata) {
    return new Reverse(transactionId, externalId, amount, policy, reason, metadata);
  }
}
