package points.client;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives points to an account. Immutable.
 *
 * @param account like {@code user:42}
 * @param amount 1 to 10^12 points
 * @param externalId 1 to 128 visible ASCII characters
 * @param reason 1 to 64 of {@code [a-z0-9._-]}
 * @param metadata empty for none
 * @param expiresAt when what is left of them is lost, in the future; null for never
 * @param availableAt from when on they can be spent; null for at once
 */
public record Credit(
    String account,
    long amount,
    String externalId,
    String reason,
    Map<String, Object> metadata,
    @Nullable Instant expiresAt,
    @Nullable Instant availableAt)
    implements Operation {

  /**
   * Checks what can be checked here.
   *
   * @throws IllegalArgumentException if a value is not what the contract allows
   */
  public Credit {
    Checks.account(account);
    Checks.amount(amount);
    Checks.externalId(externalId);
    Checks.reason(reason);
    metadata = Checks.copy(metadata);
  }

  /** A credit that can be spent at once and never expires. */
  public static Credit of(String account, long amount, String externalId, String reason) {
    return new Credit(account, amount, externalId, reason, Map.of(), null, null);
  }

  /** This credit with other metadata. */
  public Credit withMetadata(Map<String, Object> metadata) {
    return new Credit(account, amount, externalId, reason, metadata, expiresAt, availableAt);
  }

  /** This credit, expiring then. */
  public Credit withExpiresAt(Instant expiresAt) {
    return new Credit(account, amount, externalId, reason, metadata, expiresAt, availableAt);
  }

  /** This credit, pending until then. */
  public Credit withAvailableAt(Instant availableAt) {
    return new Credit(account, amount, externalId, reason, metadata, expiresAt, availableAt);
  }
}
