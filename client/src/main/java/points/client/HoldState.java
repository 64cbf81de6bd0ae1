package points.client;

import java.time.Instant;
import java.util.UUID;

/**
 * How a hold stands, in points. Immutable.
 *
 * @param holdId as the service made it
 * @param status whether it can still be captured
 * @param amount what was set aside
 * @param captured what of it was taken for good
 * @param released what of it was given back
 * @param remaining what of it is still set aside
 * @param expiresAt from then on it cannot be captured
 */
public record HoldState(
    UUID holdId,
    Status status,
    long amount,
    long captured,
    long released,
    long remaining,
    Instant expiresAt) {

  /** Where a hold is in its life. */
  public enum Status {
    ACTIVE,
    CAPTURED,
    RELEASED,
    EXPIRED
  }
}
