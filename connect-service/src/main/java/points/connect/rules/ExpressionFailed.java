package points.connect.rules;

/** An expression that was well typed could not be evaluated on an event. Has no stack trace. */
final class ExpressionFailed extends Exception {
  private static final long serialVersionUID = 1L;

  ExpressionFailed(String message) {
    super(message, null, false, false);
  }
}
