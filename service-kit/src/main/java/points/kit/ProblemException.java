package points.kit;

import java.util.List;

/**
 * Ends the handling of a request with a {@link Problem}. It is an answer, not a fault: it has no
 * stack trace, costs little, and is not logged as an error.
 */
public final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  /** Ends with this problem. */
  public ProblemException(Problem problem) {
    super(problem.error().code() + ": " + problem.detail(), null, false, false);
    this.problem = problem;
  }

  /** Ends with this entry of the catalogue. */
  public ProblemException(ErrorCode error, String detail) {
    this(Problem.of(error, detail));
  }

  /** Ends with {@code invalid_request} because of one field. */
  public static ProblemException invalid(String field, String message) {
    return new ProblemException(Problem.invalid(List.of(new FieldError(field, message))));
  }

  /** What the caller is told. */
  public Problem problem() {
    return problem;
  }
}
