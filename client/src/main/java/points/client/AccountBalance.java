package points.client;

import java.time.Instant;
import java.util.List;

/**
 * The balance of an account as it is read. Immutable.
 *
 * @param account like {@code user:42}
 * @param balance all zero for an account that has never moved
 * @param asOf when it was, or is, so
 * @param expiring the next expiries of available points, soonest first, at most 100
 */
public record AccountBalance(String account, Balance balance, Instant asOf, List<Expiry> expiring) {

  /**
   * Available points that are lost if nobody spends them before.
   *
   * @param amount at least 1
   * @param expiresAt when
   */
  public record Expiry(long amount, Instant expiresAt) {}

  /** Copies the list. */
  public AccountBalance {
    expiring = List.copyOf(expiring);
  }
}
