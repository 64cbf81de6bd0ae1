package points.ledger;

import java.time.Instant;
import java.util.UUID;

/**
 * What callers see of a hold at one moment.
 *
 * @param amount what was set aside
 * @param captured what has been taken for good so far
 * @param released what has been given back so far
 * @param expiresAt from this instant on it can no longer be captured or released
 */
public record HoldState(
    UUID holdId, HoldStatus status, long amount, long captured, long released, Instant expiresAt) {

  /** What is still set aside. */
  public long remaining() {
    return amount - captured - released;
  }
}
