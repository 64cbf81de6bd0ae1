package points.kit;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where a failure of any kind becomes what a caller is told. */
public final class Problems {

  private static final Logger log = LoggerFactory.getLogger(Problems.class);

  private Problems() {}

  /**
   * What to answer after this failure. A {@link ProblemException} says so itself; a database that
   * is away is {@code unavailable}; a full queue is {@code overloaded}; anything else is a bug:
   * {@code internal}. Outages and bugs are logged with their cause, which never reaches the caller.
   *
   * @param requestId to find the log line by
   */
  public static Problem of(Throwable failure, String requestId) {
    Throwable cause = unwrapped(failure);
    return switch (cause) {
      case ProblemException expected -> expected.problem();
      case RejectedExecutionException full ->
          Problem.of(CommonError.OVERLOADED, "The service has more work than it can do now.");
      case TimeoutException late -> unavailable(late, requestId, "It took too long.");
      case SQLException sql when isOutage(sql) ->
          unavailable(sql, requestId, "The database is out of reach.");
      default -> internal(cause, requestId);
    };
  }

  private static Throwable unwrapped(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException || cause instanceof ExecutionException) {
      Throwable inner = cause.getCause();
      if (inner == null) {
        return cause;
      }
      cause = inner;
    }
    return cause;
  }

  /** Connection lost (08), resources exhausted (53), or the server is going down or starting. */
  private static boolean isOutage(SQLException failure) {
    String state = failure.getSQLState();
    return failure instanceof SQLTransientConnectionException
        || (state != null
            && (state.startsWith("08") || state.startsWith("53") || state.startsWith("57P")));
  }

  private static Problem unavailable(Throwable cause, String requestId, String detail) {
    // Without the stack: an outage fails every request in the same way.
    log.atWarn()
        .addKeyValue("request_id", requestId)
        .addKeyValue("cause", cause.toString())
        .log("request not served");
    return Problem.of(
        CommonError.UNAVAILABLE,
        detail + " Nothing more is known; the same request can be tried again.");
  }

  private static Problem internal(Throwable cause, String requestId) {
    log.atError().addKeyValue("request_id", requestId).setCause(cause).log("request failed");
    return Problem.of(
        CommonError.INTERNAL, "The service's log has the cause under this request_id.");
  }
}
