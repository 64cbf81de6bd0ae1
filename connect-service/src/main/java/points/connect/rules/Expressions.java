package points.connect.rules;

import java.util.List;
import java.util.Set;

/** A language of expressions. Thread-safe. */
interface Expressions {

  /** What an expression is to give. */
  enum Wanted {
    FLAG("true or false"),
    INTEGER("a whole number"),
    TEXT("a text"),
    /** A text, or a list of texts. */
    ACCOUNTS("an account like \"user:42\", or a list of accounts");

    final String description;

    Wanted(String description) {
      this.description = description;
    }
  }

  /**
   * Checks an expression.
   *
   * @throws RuleRefused with the position, where it is malformed, reads a field that the type does
   *     not have, gives something else, or is too large
   */
  Expression compile(Scalar text, EventType type, Wanted wanted);

  /**
   * Checks a condition and divides it into the parts that all have to be true.
   *
   * @return at least one, in order
   * @throws RuleRefused as {@link #compile}
   */
  List<Expression> compileCondition(Scalar text, EventType type);

  /**
   * What is wrong with an expression that can be compiled: it reads a field that may be absent,
   * runs too long on the largest event there can be, or has a part that fails on every event.
   *
   * @param known the fields that are there for certain where it is evaluated
   */
  List<Mistake> examine(Scalar text, EventType type, Wanted wanted, Set<String> known);

  /** The fields that are there for certain where a condition that can be compiled is true. */
  Set<String> asked(Scalar condition, EventType type);

  /** The same expression in one way of writing, without what makes no difference. */
  String tidy(Scalar text, EventType type, Wanted wanted);
}
