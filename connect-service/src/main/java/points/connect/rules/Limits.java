package points.connect.rules;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The limits of a revision of a rule, and what is counted for the sake of all its revisions.
 * Immutable.
 *
 * @param all in the order in which they are applied
 * @param counted at least what these limits count
 */
public record Limits(List<Limit> all, Set<Limit.Counter> counted) {

  public Limits {
    all = List.copyOf(all);
    counted = Set.copyOf(counted);
  }

  /** Limits for whose sake alone is counted. */
  public static Limits of(List<Limit> all) {
    return new Limits(all, Set.of()).counting(Set.of());
  }

  /** With what other revisions of the rule count. */
  Limits counting(Set<Limit.Counter> others) {
    Set<Limit.Counter> together = new HashSet<>(others);
    all.forEach(limit -> together.add(limit.counter()));
    return new Limits(all, together);
  }
}
