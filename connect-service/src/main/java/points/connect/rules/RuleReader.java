package points.connect.rules;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads and checks the text of rules. What it accepts can be applied to every event of its type: it
 * has the right types, asks before it reads what may be absent, and ends within a bound. Immutable,
 * thread-safe.
 */
public final class RuleReader {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  private final Map<String, EventType> types = new HashMap<>();
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
    RuleText structure = new RuleText(text);
    List<Mistake> mistakes = structure.mistakes;
    EventType type = typeOf(structure.event, mistakes);
    Set<String> tested = new TreeSet<>();
    List<Expression> when = new ArrayList<>();
    collecting(mistakes, () -> when.addAll(expressions.compileCondition(structure.when, type)));
    when.forEach(part -> tested.addAll(part.tested()));
    when.forEach(part -> check(structure.when, part, type, tested, mistakes));
    List<CheckedRule.CheckedReward> rewards = new ArrayList<>();
    for (int i = 0; i < structure.to.size(); i++) {
      int index = i;
      collecting(mistakes, () -> rewards.add(reward(structure, index, type, tested, mistakes)));
    }
    List<CheckedRule.CheckedReversal> reversals = new ArrayList<>();
    collecting(mistakes, () -> reversals.addAll(reversal(structure, type, tested, mistakes)));
    if (!mistakes.isEmpty()) {
      throw new RuleRefused(mistakes);
    }
    return new CheckedRule(
        structure.rule, when, rewards, reversals.isEmpty() ? null : reversals.getFirst());
  }

  private EventType typeOf(Scalar name, List<Mistake> mistakes) {
    EventType type = types.get(name.text());
    if (type == null) {
      String known = String.join(", ", new TreeSet<>(types.keySet()));
      mistakes.add(name.mistakeAt(1, 0, "is no known type of event; known are " + known));
      throw new RuleRefused(mistakes);
    }
    return type;
  }

  private static void collecting(List<Mistake> mistakes, Runnable step) {
    try {
      step.run();
    } catch (RuleRefused e) {
      mistakes.addAll(e.mistakes());
    }
  }

  private CheckedRule.CheckedReward reward(
      RuleText structure, int index, EventType type, Set<String> tested, List<Mistake> mistakes) {
    Scalar to = structure.to.get(index);
    Scalar points = structure.points.get(index);
    Reward reward = structure.rule.rewards().get(index);
    Expression accounts = expressions.compile(to, type, Expressions.Wanted.ACCOUNTS);
    check(to, accounts, type, tested, mistakes);
    if (NUMBER.matcher(points.text()).matches()) {
      long fixed = Long.parseLong(points.text());
      if (fixed < 1 || fixed > CheckedRule.POINTS_MAX) {
        throw new RuleRefused(
            points.mistakeAt(1, 0, "must be 1 to " + CheckedRule.POINTS_MAX + " points"));
      }
      return new CheckedRule.CheckedReward(reward, accounts, null, fixed);
    }
    Expression amount = expressions.compile(points, type, Expressions.Wanted.INTEGER);
    check(points, amount, type, tested, mistakes);
    return new CheckedRule.CheckedReward(reward, accounts, amount, 0);
  }

  private List<CheckedRule.CheckedReversal> reversal(
      RuleText structure, EventType type, Set<String> tested, List<Mistake> mistakes) {
    Reversal reversal = structure.rule.reverses();
    Scalar earlierName = structure.reversed;
    Scalar keyText = structure.key;
    Scalar matchesText = structure.matches;
    if (reversal == null || earlierName == null || keyText == null || matchesText == null) {
      return List.of();
    }
    EventType earlier = typeOf(earlierName, mistakes);
    Expression key = expressions.compile(keyText, type, Expressions.Wanted.TEXT);
    check(keyText, key, type, tested, mistakes);
    Expression matches = expressions.compile(matchesText, earlier, Expressions.Wanted.TEXT);
    check(matchesText, matches, earlier, Set.of(), mistakes);
    return List.of(new CheckedRule.CheckedReversal(reversal, key, matches));
  }

  private static void check(
      Scalar place,
      Expression expression,
      EventType type,
      Set<String> tested,
      List<Mistake> mistakes) {
    for (String field : expression.fields()) {
      if (!type.required().contains(field)
          && !tested.contains(field)
          && !expression.tested().contains(field)) {
        mistakes.add(
            place.mistakeAt(
                1,
                Math.max(0, place.text().indexOf("event." + field)),
                "reads event."
                    + field
                    + ", which not every "
                    + type.name()
                    + " has: ask has(event."
                    + field
                    + ") first"));
      }
    }
    String tooMuch = runaway(expression, type);
    if (tooMuch != null) {
      mistakes.add(place.mistakeAt(1, 0, tooMuch));
    }
  }

  /** Tries it on the largest event there can be. */
  private static @Nullable String runaway(Expression expression, EventType type) {
    try {
      expression.evaluate(new Expression.Values(largest(type), 0, CheckedRule.ACCOUNTS_MAX));
      return null;
    } catch (ExpressionFailed e) {
      return e.isCertain() ? e.getMessage() : null;
    }
  }

  private static Event largest(EventType type) {
    Map<String, Object> data = new HashMap<>();
    type.fields()
        .forEach(
            (name, field) ->
                data.put(
                    name,
                    switch (field) {
                      case TEXT -> "x";
                      case INTEGER -> 1L;
                      case FLAG -> true;
                      case TEXT_LIST -> Collections.nCopies(type.itemsMax(), "x");
                      case INTEGER_LIST -> Collections.nCopies(type.itemsMax(), 1L);
                    }));
    return new Event("x", "x", type.name(), Instant.EPOCH, data);
  }
}
