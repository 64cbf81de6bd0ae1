package points.ledger;

import java.time.Instant;

/**
 * An account as it stands after its newest transaction. Immutable.
 *
 * @param seq how many transactions it has had; they are numbered 1, 2, … without gaps
 * @param expiring the part of {@code available} that lies in lots with an expiry
 * @param head the hash of the newest transaction
 * @param lastAt when the newest transaction was; time never runs backwards on an account
 * @param frozen whether operations are refused because a check failed or an operator said so
 */
public record Account(
    AccountId id,
    long seq,
    Balance balance,
    long expiring,
    Hash head,
    Instant lastAt,
    boolean frozen) {

  /** An account that has never moved. */
  public static Account empty(AccountId id) {
    return new Account(id, 0, Balance.ZERO, 0, Hash.START, Instant.EPOCH, false);
  }

  /** The part of {@code available} that never expires. */
  public long permanent() {
    return balance.available() - expiring;
  }

  /** This account, frozen or not. */
  public Account frozen(boolean nowFrozen) {
    return new Account(id, seq, balance, expiring, head, lastAt, nowFrozen);
  }
}
