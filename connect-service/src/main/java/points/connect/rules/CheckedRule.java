package points.connect.rules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A rule whose expressions were checked, ready to be applied. Immutable, thread-safe. */
public final class CheckedRule {
  /** The most that one credit can bring, as the contract of Points has it. */
  static final long POINTS_MAX = 1_000_000_000_000L;

  static final int ACCOUNTS_MAX = 200;

  record CheckedReward(Reward reward, Expression to, @Nullable Expression points, long fixed) {}

  record CheckedReversal(Reversal reversal, Expression key, Expression matches) {}

  private final Rule rule;
  private final List<Expression> when;
  private final List<CheckedReward> rewards;
  private final @Nullable CheckedReversal reversal;
  private final List<Limit> limits;

  CheckedRule(
      Rule rule,
      List<Expression> when,
      List<CheckedReward> rewards,
      @Nullable CheckedReversal reversal) {
    this.rule = rule;
    this.when = List.copyOf(when);
    this.rewards = List.copyOf(rewards);
    this.reversal = reversal;
    this.limits = rule.allLimits();
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

  private static Map<String, Object> valuesOf(Expression part, Event event) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (String field : part.fields()) {
      Object value = event.data().get(field);
      if (value != null) {
        values.put(field, value);
      }
    }
    return values;
  }

  private void addAwards(int index, Event event, List<Award> awards) throws ExpressionFailed {
    CheckedReward reward = rewards.get(index);
    List<String> accounts = accounts(reward, event);
    Map<String, Long> sums = new LinkedHashMap<>();
    for (int i = 0; i < accounts.size(); i++) {
      long points = points(reward, new Expression.Values(event, i, accounts.size()));
      sums.merge(accounts.get(i), points, Long::sum);
    }
    for (var sum : sums.entrySet()) {
      if (sum.getValue() > POINTS_MAX) {
        throw failed(reward, "gives " + sum.getValue() + " points: more than " + POINTS_MAX);
      }
      if (sum.getValue() > 0) {
        awards.add(new Award(index, reward.reward(), sum.getKey(), sum.getValue()));
      }
    }
  }

  private static List<String> accounts(CheckedReward reward, Event event) throws ExpressionFailed {
    Object value = reward.to().evaluate(Expression.Values.of(event));
    List<?> names = value instanceof List<?> list ? list : List.of(value);
    if (names.size() > ACCOUNTS_MAX) {
      throw failed(reward, "names " + names.size() + " accounts: more than " + ACCOUNTS_MAX);
    }
    List<String> accounts = new ArrayList<>(names.size());
    for (Object name : names) {
      String account = (String) name;
      if (!Accounts.isAccount(account)) {
        throw failed(
            reward,
            "gives what is no account: " + account.substring(0, Math.min(90, account.length())));
      }
      accounts.add(account);
    }
    return accounts;
  }

  private static long points(CheckedReward reward, Expression.Values values)
      throws ExpressionFailed {
    if (reward.points() == null) {
      return reward.fixed();
    }
    long points = (long) reward.points().evaluate(values);
    if (points < 0 || points > POINTS_MAX) {
      throw failed(reward, "gives " + points + " points: it must be 0 to " + POINTS_MAX);
    }
    return points;
  }

  private static ExpressionFailed failed(CheckedReward reward, String how) {
    return new ExpressionFailed("the reward to " + reward.to().text() + " " + how, false);
  }

  /** The key of what a cancelling event takes back; null where the event does not give one. */
  public @Nullable String cancellingKey(Event event) {
    return reversal == null ? null : key(reversal.key(), event);
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
