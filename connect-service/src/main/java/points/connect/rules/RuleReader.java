package points.connect.rules;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Reads and checks the text of rules. What it accepts can be applied to every event of its type: it
 * has the right types, asks before it reads what may be absent, ends within a bound, and has been
 * tried on events there could be. Thread-safe.
 */
public final class RuleReader {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  private final Map<String, EventType> types = new HashMap<>();
  private final Map<String, Samples> samples = new ConcurrentHashMap<>();
  private final Expressions expressions = new CelExpressions();

  /** A reader of rules about these types of events. */
  public RuleReader(Collection<EventType> types) {
    types.forEach(type -> this.types.put(type.name(), type));
  }

  /**
   * Reads one rule.
   *
   * @throws RuleRefused with all that is wrong and where
   */
  public CheckedRule read(String text) {
    return read(text, name -> true);
  }

  /**
   * Reads one rule that may take back what others gave.
   *
   * @param isRule tells the names of the rules that there are
   * @throws RuleRefused with all that is wrong and where
   */
  public CheckedRule read(String text, Predicate<String> isRule) {
    RuleText structure = new RuleText(text, true);
    for (Scalar name : structure.reversedRules) {
      if (!isRule.test(name.text()) && !name.text().equals(structure.rule.name())) {
        structure.mistakes.add(name.mistakeAt(1, 0, "there is no rule " + name.text()));
      }
    }
    return new Reading(structure, true).rule();
  }

  /**
   * Reads a rule that was accepted before, perhaps by a release that asked for less: it need not
   * pass the checks that came later.
   *
   * @return one that fails on every event, where it cannot be applied any more
   * @throws RuleRefused where not even its type of event can be told
   */
  public CheckedRule kept(String text) {
    RuleText structure = new RuleText(text, false);
    try {
      return new Reading(structure, false).rule();
    } catch (RuleRefused e) {
      return CheckedRule.unreadable(structure.rule, String.valueOf(e.getMessage()));
    }
  }

  /** Reads one text. */
  private final class Reading {
    private final RuleText structure;
    private final boolean strict;
    private final List<Mistake> mistakes;
    private final EventType type;
    private Set<String> known = Set.of();

    Reading(RuleText structure, boolean strict) {
      this.structure = structure;
      this.strict = strict;
      this.mistakes = structure.mistakes;
      this.type = typeOf(structure.event);
    }

    CheckedRule rule() {
      List<Expression> when = new ArrayList<>();
      collecting(() -> when.addAll(condition()));
      List<CheckedRule.CheckedReward> rewards = new ArrayList<>();
      for (int i = 0; i < structure.to.size(); i++) {
        int index = i;
        collecting(() -> rewards.add(reward(index)));
      }
      List<CheckedRule.CheckedReversal> reversals = new ArrayList<>();
      collecting(() -> reversals.addAll(reversal()));
      if (!mistakes.isEmpty()) {
        throw new RuleRefused(mistakes.stream().distinct().toList());
      }
      return new CheckedRule(
          structure.rule, when, rewards, reversals.isEmpty() ? null : reversals.getFirst());
    }

    private EventType typeOf(Scalar name) {
      EventType found = types.get(name.text());
      if (found == null) {
        String all = String.join(", ", new TreeSet<>(types.keySet()));
        mistakes.add(name.mistakeAt(1, 0, "is no known type of event; known are " + all));
        throw new RuleRefused(mistakes);
      }
      return found;
    }

    private void collecting(Runnable step) {
      try {
        step.run();
      } catch (RuleRefused e) {
        mistakes.addAll(e.mistakes());
      }
    }

    private List<Expression> condition() {
      List<Expression> when = expressions.compileCondition(structure.when, type);
      known = expressions.asked(structure.when, type);
      if (examined(structure.when, type, Expressions.Wanted.FLAG, Set.of())) {
        when.forEach(part -> attempt(structure.when, type, part::evaluate));
      }
      return when;
    }

    private CheckedRule.CheckedReward reward(int index) {
      Scalar to = structure.to.get(index);
      Scalar points = structure.points.get(index);
      Reward reward = structure.rule.rewards().get(index);
      Expression accounts = expressions.compile(to, type, Expressions.Wanted.ACCOUNTS);
      if (examined(to, type, Expressions.Wanted.ACCOUNTS, known)) {
        attempt(to, type, values -> Granting.accounts(accounts, values.event()));
      }
      if (NUMBER.matcher(points.text()).matches()) {
        long fixed = Long.parseLong(points.text());
        if (fixed < 1 || fixed > Granting.POINTS_MAX) {
          throw new RuleRefused(
              points.mistakeAt(1, 0, "must be 1 to " + Granting.POINTS_MAX + " points"));
        }
        return new CheckedRule.CheckedReward(reward, accounts, null, fixed);
      }
      Expression amount = expressions.compile(points, type, Expressions.Wanted.INTEGER);
      if (examined(points, type, Expressions.Wanted.INTEGER, known)) {
        attempt(points, type, values -> Granting.points(amount, values));
      }
      return new CheckedRule.CheckedReward(reward, accounts, amount, 0);
    }

    private List<CheckedRule.CheckedReversal> reversal() {
      Reversal reversal = structure.rule.reverses();
      Scalar earlierName = structure.reversed;
      Scalar keyText = structure.key;
      Scalar matchesText = structure.matches;
      if (reversal == null || earlierName == null || keyText == null || matchesText == null) {
        return List.of();
      }
      EventType earlier = typeOf(earlierName);
      Expression key = expressions.compile(keyText, type, Expressions.Wanted.TEXT);
      if (examined(keyText, type, Expressions.Wanted.TEXT, known)) {
        attempt(keyText, type, key::evaluate);
      }
      Expression matches = expressions.compile(matchesText, earlier, Expressions.Wanted.TEXT);
      if (examined(matchesText, earlier, Expressions.Wanted.TEXT, Set.of())) {
        attempt(matchesText, earlier, matches::evaluate);
      }
      String tidy = expressions.tidy(matchesText, earlier, Expressions.Wanted.TEXT);
      String keyName = earlier.name() + "\n" + tidy;
      return List.of(new CheckedRule.CheckedReversal(reversal, key, matches, keyName));
    }

    /** Whether it is worth trying; else what is wrong has been said. */
    private boolean examined(
        Scalar text, EventType of, Expressions.Wanted wanted, Set<String> there) {
      if (!strict) {
        return false;
      }
      List<Mistake> found = expressions.examine(text, of, wanted, there);
      mistakes.addAll(found);
      return found.isEmpty();
    }

    private void attempt(Scalar text, EventType of, Samples.Attempt attempt) {
      String failure = samples.computeIfAbsent(of.name(), n -> new Samples(of)).failure(attempt);
      if (failure != null) {
        mistakes.add(text.mistakeAt(1, 0, "fails on every event that it was tried on: " + failure));
      }
    }
  }
}
