package points.connect.rules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A rule whose expressions were checked, ready to be applied. Immutable, thread-safe. */
public final class CheckedRule {
  record CheckedReward(Reward reward, Expression to, @Nullable Expression points, long fixed) {}

  /**
   * A checked reversal.
   *
   * @param keyName under which the earlier events' keys are kept: the same for all rules that find
   *     them in the same way, however that is written
   */
  record CheckedReversal(Reversal reversal, Expression key, Expression matches, String keyName) {}

  private final Rule rule;
  private final @Nullable String unreadable;
  private final List<Expression> when;
  private final List<CheckedReward> rewards;
  private final @Nullable CheckedReversal reversal;
  private final List<Limit> limits;

  CheckedRule(
      Rule rule,
      List<Expression> when,
      List<CheckedReward> rewards,
      @Nullable CheckedReversal reversal) {
    this(rule, null, when, rewards, reversal);
  }

  private CheckedRule(
      Rule rule,
      @Nullable String unreadable,
      List<Expression> when,
      List<CheckedReward> rewards,
      @Nullable CheckedReversal reversal) {
    this.rule = rule;
    this.unreadable = unreadable;
    this.when = List.copyOf(when);
    this.rewards = List.copyOf(rewards);
    this.reversal = reversal;
    this.limits = rule.allLimits();
  }

  /** A rule that was in order once and is not now: it fails on every event, and so is seen. */
  static CheckedRule unreadable(Rule rule, String why) {
    return new CheckedRule(rule, why, List.of(), List.of(), null);
  }

  /** Why it cannot be applied, though it was in order when it was saved; null where it can. */
  public @Nullable String unreadable() {
    return unreadable;
  }

  /** The rule as it is written. */
  public Rule rule() {
    return rule;
  }

  /** The limits in the order in which they are applied; the budget comes last. */
  public List<Limit> limits() {
    return limits;
  }

  /** What it makes of an event of its type. */
  public Verdict apply(Event event) {
    if (!rule.isActiveAt(event.time())) {
      return new Verdict.NotActive();
    }
    if (unreadable != null) {
      return new Verdict.Failed("it cannot be read any more: " + unreadable);
    }
    Expression.Values values = Expression.Values.of(event);
    try {
      Expression failing = firstFalse(values);
      if (failing != null) {
        return new Verdict.NotMatched(failing.text(), valuesOf(failing, event));
      }
      List<Award> awards = new ArrayList<>();
      for (int i = 0; i < rewards.size(); i++) {
        addAwards(i, event, awards);
      }
      return new Verdict.Matched(List.copyOf(awards));
    } catch (ExpressionFailed e) {
      return new Verdict.Failed(String.valueOf(e.getMessage()));
    }
  }

  /** As CEL's own &&: one false part decides, even where another one cannot be evaluated. */
  private @Nullable Expression firstFalse(Expression.Values values) throws ExpressionFailed {
    ExpressionFailed failure = null;
    for (Expression part : when) {
      try {
        if (!(boolean) part.evaluate(values)) {
          return part;
        }
      } catch (ExpressionFailed e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return null;
  }

  private static Map<String, @Nullable Object> valuesOf(Expression part, Event event) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (String name : part.reads()) {
      values.put(
          name,
          switch (name) {
            case "event_id" -> event.id();
            case "event_source" -> event.source();
            case "event_time" -> event.time().toString();
            default -> event.data().get(name);
          });
    }
    return values;
  }

  private void addAwards(int index, Event event, List<Award> awards) throws ExpressionFailed {
    CheckedReward reward = rewards.get(index);
    List<String> accounts = Granting.accounts(reward.to(), event);
    Map<String, Long> sums = new LinkedHashMap<>();
    for (int i = 0; i < accounts.size(); i++) {
      long points = points(reward, new Expression.Values(event, i, accounts.size()));
      sums.merge(accounts.get(i), points, Long::sum);
    }
    for (var sum : sums.entrySet()) {
      if (sum.getValue() > Granting.POINTS_MAX) {
        throw Granting.failed(
            reward.to(),
            "is given " + sum.getValue() + " points: more than " + Granting.POINTS_MAX);
      }
      if (sum.getValue() > 0) {
        awards.add(new Award(index, reward.reward(), sum.getKey(), sum.getValue()));
      }
    }
  }

  private static long points(CheckedReward reward, Expression.Values values)
      throws ExpressionFailed {
    return reward.points() == null ? reward.fixed() : Granting.points(reward.points(), values);
  }

  /** The key of what a cancelling event takes back; null where the event does not give one. */
  public @Nullable String cancellingKey(Event event) {
    return reversal == null ? null : key(reversal.key(), event);
  }

  /** Under which name the keys of earlier events are kept; null where it takes nothing back. */
  public @Nullable String keyName() {
    return reversal == null ? null : reversal.keyName();
  }

  /** The key by which an earlier event is found; null where the event does not give one. */
  public @Nullable String earlierKey(Event earlier) {
    return reversal == null ? null : key(reversal.matches(), earlier);
  }

  private static @Nullable String key(Expression expression, Event event) {
    try {
      return (String) expression.evaluate(Expression.Values.of(event));
    } catch (ExpressionFailed e) {
      return null;
    }
  }
}
