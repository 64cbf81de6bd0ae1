package points.connect.rules;

import java.util.Locale;

/**
 * How much a rule may give. Immutable.
 *
 * @param scope whether each account has its own allowance, or all share one
 * @param every when the allowance starts anew
 * @param unit whether rewards are counted, or their points
 * @param max at least 1
 * @param exceeding what becomes of a reward that does not fit whole
 */
public record Limit(Scope scope, Period every, Unit unit, long max, Exceeding exceeding) {

  /** Whose allowance it is. */
  public enum Scope {
    ACCOUNT,
    ALL
  }

  /** What is counted. */
  public enum Unit {
    COUNT,
    POINTS
  }

  /** What becomes of a reward that does not fit whole. */
  public enum Exceeding {
    /** It is given in part, as far as the allowance goes. A count cannot be given in part. */
    TRIM,
    /** It is not given at all. */
    SKIP
  }

  /**
   * What a limit counts in. Limits that differ in their numbers only share it.
   *
   * @param scope whether each account has its own, or all share one
   * @param every when it starts anew
   */
  public record Counter(Scope scope, Period every) {}

  public Limit {
    if (max < 1) {
      throw new IllegalArgumentException("a limit of " + max);
    }
  }

  /** What it counts in. */
  public Counter counter() {
    return new Counter(scope, every);
  }

  /** The budget of a rule: points, for all, for ever; what does not fit whole is skipped. */
  public static Limit budget(long points) {
    return new Limit(Scope.ALL, Period.EVER, Unit.POINTS, points, Exceeding.SKIP);
  }

  /** For people: {@code 500 points per account and day}. */
  public String describe() {
    String what = unit == Unit.COUNT ? " rewards" : " points";
    String who = scope == Scope.ACCOUNT ? " per account" : " in all";
    return max + what + who + (every == Period.EVER ? "" : " a " + every.wire());
  }

  /** The name in rules, in lower case. */
  static String wire(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
