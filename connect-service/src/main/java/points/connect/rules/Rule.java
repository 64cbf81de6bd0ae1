package points.connect.rules;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule as it is written, checked as far as that goes without its expressions. Immutable.
 *
 * @param name {@code [a-z0-9][a-z0-9._-]{0,63}}
 * @param description for people; empty for none
 * @param event the type of event that it looks at
 * @param when an expression that gives true where the rule applies
 * @param rewards what it gives, in order
 * @param limits how much it may give at most, in the order in which they are applied
 * @param budget points in all, for ever; null for no end
 * @param from events before it are none of its business; null for no beginning
 * @param until events from then on are none of its business; null for no end
 * @param reverses what it takes back; null for nothing
 */
public record Rule(
    String name,
    String description,
    String event,
    String when,
    List<Reward> rewards,
    List<Limit> limits,
    @Nullable Long budget,
    @Nullable Instant from,
    @Nullable Instant until,
    @Nullable Reversal reverses) {

  public Rule {
    rewards = List.copyOf(rewards);
    limits = List.copyOf(limits);
  }

  /** The limits and the budget, in the order in which they are applied. */
  List<Limit> allLimits() {
    if (budget == null) {
      return limits;
    }
    List<Limit> all = new java.util.ArrayList<>(limits);
    all.add(Limit.budget(budget));
    return List.copyOf(all);
  }

  boolean isActiveAt(Instant time) {
    return (from == null || !time.isBefore(from)) && (until == null || time.isBefore(until));
  }
}
