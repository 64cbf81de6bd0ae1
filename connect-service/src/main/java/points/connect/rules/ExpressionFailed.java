package points.connect.rules;

/** An expression that was well typed could not be evaluated on an event. Has no stack trace. */
final class ExpressionFailed extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean certain;

  /**
   * Says why.
   *
   * @param certain whether it would fail on every event of this shape, whatever the values
   */
  ExpressionFailed(String message, boolean certain) {
    super(message, null, false, false);
    this.certain = certain;
  }

  boolean isCertain() {
    return certain;
  }
}
