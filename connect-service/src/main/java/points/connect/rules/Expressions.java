package points.connect.rules;

import java.util.List;

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
}
