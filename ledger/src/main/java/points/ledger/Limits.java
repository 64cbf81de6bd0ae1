package points.ledger;

/**
 * The bounds of numbers and time spans, in one place.
 *
 * @param dailyCreditMax the most points that one source may credit in a UTC day, or {@link
 *     Long#MAX_VALUE} for no ceiling
 */
public record Limits(long dailyCreditMax) {
  /** The most points in one operation: 10^12. */
  public static final long AMOUNT_MAX = 1_000_000_000_000L;

  /** The most points on an account, 2^53−1: the largest integer that a browser reads exactly. */
  public static final long BALANCE_MAX = 9_007_199_254_740_991L;

  /** How long a hold lives if the caller does not say: a day, in seconds. */
  public static final int HOLD_SECONDS_DEFAULT = 86_400;

  /** The longest that a hold may live: 365 days, in seconds. */
  public static final int HOLD_SECONDS_MAX = 31_536_000;

  /** No ceilings but the fixed ones. */
  public static final Limits NONE = new Limits(Long.MAX_VALUE);
}
