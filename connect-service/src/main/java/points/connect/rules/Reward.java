package points.connect.rules;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One reward of a rule, as it is written. Immutable.
 *
 * @param to an expression that gives an account, or a list of accounts
 * @param points a whole number, or an expression that gives one, for each account of {@code to}
 * @param reason goes with the credit, 1 to 64 of {@code [a-z0-9._-]}
 * @param type {@code points}, or one that another dispatcher takes
 * @param expiresIn from the decision until the points expire; null for never
 * @param availableIn from the decision until the points can be spent; null for at once
 */
public record Reward(
    String to,
    String points,
    String reason,
    String type,
    @Nullable Duration expiresIn,
    @Nullable Duration availableIn) {

  /** The type that Connect itself sends to Points. */
  public static final String POINTS = "points";
}
