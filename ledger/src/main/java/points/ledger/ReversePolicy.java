package points.ledger;

import java.util.Locale;

/** What to do when an account no longer has the points that a reversal takes back. */
public enum ReversePolicy {
  /** All or nothing: refuse. */
  REJECT,
  /** Take as much as is there, and say how much that was. */
  WITHIN_BALANCE,
  /** Take what is there; the rest becomes a debt that later credits repay first. */
  DEBT;

  private final String wire = name().toLowerCase(Locale.ROOT);

  /** The name in JSON and SQL. */
  public String wire() {
    return wire;
  }

  /**
   * The policy of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static ReversePolicy of(String wire) {
    return valueOf(wire.toUpperCase(Locale.ROOT));
  }
}
