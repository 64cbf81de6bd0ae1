package points.ledger;

/**
 * What an account has, or how a transaction changed it; whole points. As a balance no part is
 * negative and {@link #total()} is at most {@link Limits#BALANCE_MAX}; as a change any part may be.
 *
 * @param available can be spent
 * @param held set aside by holds
 * @param pending credited, not yet available
 * @param debt owed: the next credits repay it first
 */
public record Balance(long available, long held, long pending, long debt) {
  /** Nothing. */
  public static final Balance ZERO = new Balance(0, 0, 0, 0);

  /** What belongs to the account: available + held + pending. */
  public long total() {
    return available + held + pending;
  }

  /** What the account's entries sum to: {@link #total()} less the debt. */
  public long net() {
    return total() - debt;
  }

  /** This balance after a change. */
  public Balance plus(Balance change) {
    return new Balance(
        Math.addExact(available, change.available),
        Math.addExact(held, change.held),
        Math.addExact(pending, change.pending),
        Math.addExact(debt, change.debt));
  }

  /** Whether this is a balance that an account may have. */
  boolean isSound() {
    return available >= 0 && held >= 0 && pending >= 0 && debt >= 0;
  }
}
