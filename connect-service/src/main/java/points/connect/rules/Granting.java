package points.connect.rules;

import java.util.ArrayList;
import java.util.List;

/** What the expressions of a reward have to give beyond their types. */
final class Granting {
  /** The most that one credit can bring, as the contract of Points has it. */
  static final long POINTS_MAX = 1_000_000_000_000L;

  static final int ACCOUNTS_MAX = 200;
  private static final int SHOWN_MAX = 90;

  private Granting() {}

  /** The accounts that {@code to} gives for an event, in order. */
  static List<String> accounts(Expression to, Event event) throws ExpressionFailed {
    Object value = to.evaluate(Expression.Values.of(event));
    List<?> names = value instanceof List<?> list ? list : List.of(value);
    if (names.size() > ACCOUNTS_MAX) {
      throw failed(to, "names " + names.size() + " accounts: more than " + ACCOUNTS_MAX);
    }
    List<String> accounts = new ArrayList<>(names.size());
    for (Object name : names) {
      String account = (String) name;
      if (!Accounts.isAccount(account)) {
        throw failed(
            to,
            "gives what is no account that can be credited: "
                + account.substring(0, Math.min(SHOWN_MAX, account.length())));
      }
      accounts.add(account);
    }
    return accounts;
  }

  /** The points that an expression gives for one account. */
  static long points(Expression points, Expression.Values values) throws ExpressionFailed {
    long value = (long) points.evaluate(values);
    if (value < 0 || value > POINTS_MAX) {
      throw failed(points, "gives " + value + " points: it must be 0 to " + POINTS_MAX);
    }
    return value;
  }

  static ExpressionFailed failed(Expression expression, String how) {
    return new ExpressionFailed(expression.text() + " " + how);
  }
}
