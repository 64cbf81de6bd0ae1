package points.client;

import java.time.Duration;
import java.util.Map;

/**
 * Sets points of an account aside, until they are captured or released, or the hold expires.
 * Immutable.
 *
 * @param account like {@code user:42}
 * @param amount 1 to 10^12 points
 * @param externalId 1 to 128 visible ASCII characters
 * @param reason 1 to 64 of {@code [a-z0-9._-]}
 * @param expiresIn how long it lasts, whole seconds, 1 second to 365 days
 * @param metadata empty for none
 */
public record Hold(
    String account,
    long amount,
    String externalId,
    String reason,
    Duration expiresIn,
    Map<String, Object> metadata)
    implements Operation {

  /** How long a hold lasts unless it says otherwise. */
  public static final Duration EXPIRES_IN_DEFAULT = Duration.ofDays(1);

  /**
   * Checks what can be checked here.
   *
   * @throws IllegalArgumentException if a value is not what the contract allows
   */
  public Hold {
    Checks.account(account);
    Checks.amount(amount);
    Checks.externalId(externalId);
    Checks.reason(reason);
    Checks.require(
        expiresIn.equals(Duration.ofSeconds(expiresIn.toSeconds()))
            && expiresIn.toSeconds() >= 1
            && expiresIn.toSeconds() <= Checks.HOLD_SECONDS_MAX,
        "expiresIn must be whole seconds, 1 second to 365 days, not " + expiresIn);
    metadata = Checks.copy(metadata);
  }

  /** A hold of a day. */
  public static Hold of(String account, long amount, String externalId, String reason) {
    return new Hold(account, amount, externalId, reason, EXPIRES_IN_DEFAULT, Map.of());
  }

  /** This hold, lasting so long; whole seconds. */
  public Hold withExpiresIn(Duration expiresIn) {
    return new Hold(account, amount, externalId, reason, expiresIn, metadata);
  }

  /** This hold with other metadata. */
  public Hold withMetadata(Map<String, Object> metadata) {
    return new Hold(account, amount, externalId, reason, expiresIn, metadata);
  }
}
