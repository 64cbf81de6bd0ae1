package points.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import points.kit.Answer;
import points.kit.CommonError;
import points.kit.FieldError;
import points.kit.Problem;
import points.ledger.Outcome;
import points.ledger.Refusal;
import points.service.postgres.LedgerUnavailable;

/** What callers are answered: the outcomes of the ledger as status and body. */
final class Answers {
  /**
   * What a caller is told.
   *
   * @param replay whether it is the first answer again
   * @param problem {@code null} for a success
   */
  record Reply(int status, boolean replay, ObjectNode body, @Nullable Problem problem) {
    /** As it is sent by itself. */
    Answer toHttp() {
      Answer answer = Answer.json(status, body);
      if (problem != null) {
        answer = new Answer(status, PROBLEM_JSON, answer.body(), answer.headers());
      }
      return replay ? answer.with("Idempotent-Replay", "true") : answer;
    }

    /** As an item of a batch's results. */
    ObjectNode toItem() {
      ObjectNode item = Bodies.object();
      item.put("status", status);
      if (replay) {
        item.put("replay", true);
      }
      if (problem != null && !problem.retryAfter().isZero()) {
        item.put("retry_after", problem.retryAfter().plusMillis(999).toSeconds());
      }
      item.set("body", body);
      return item;
    }
  }

  private static final String PROBLEM_JSON = "application/problem+json";

  private Answers() {}

  /**
   * The answer to an outcome.
   *
   * @param requestId of the request that is answered; a remembered refusal has that of the first,
   *     so that its body is the first answer's
   */
  static Reply of(Outcome outcome, String requestId) {
    return switch (outcome) {
      case Outcome.Posted posted ->
          new Reply(201, false, Bodies.posted(posted.transaction()), null);
      case Outcome.Replayed replayed ->
          new Reply(200, true, Bodies.posted(replayed.transaction()), null);
      case Outcome.Refused refused -> refused(refused.refusal(), refused.replay(), requestId);
      case Outcome.Conflicting conflicting -> problem(conflict(conflicting), requestId);
      case Outcome.HoldNotFound missing ->
          problem(
              Problem.of(LedgerError.HOLD_NOT_FOUND, "There is no hold " + missing.holdId() + "."),
              requestId);
      case Outcome.TransactionNotFound missing ->
          problem(
              Problem.of(
                  LedgerError.TRANSACTION_NOT_FOUND,
                  "There is no transaction "
                      + missing.transactionId()
                      + " of a kind that this can be done to."),
              requestId);
      case Outcome.NotOwner notOwner ->
          problem(
              Problem.of(
                  LedgerError.NOT_OWNER,
                  "It was made by another source, and only that source may do this."),
              requestId);
      case Outcome.Invalid invalid ->
          problem(
              Problem.invalid(List.of(new FieldError(invalid.field(), invalid.message()))),
              requestId);
      case Outcome.NothingDue nothing ->
          throw new IllegalStateException("callers cannot ask for what is due");
    };
  }

  static Reply problem(Problem problem, String requestId) {
    return new Reply(problem.error().status(), false, problem.toNode(requestId), problem);
  }

  private static Reply refused(Refusal refusal, boolean replay, String requestId) {
    Problem problem = problem(refusal);
    String first = refusal.requestId() == null ? requestId : refusal.requestId();
    return new Reply(problem.error().status(), replay, problem.toNode(first), problem);
  }

  /** The problem that a refusal is told as. */
  static Problem problem(Refusal refusal) {
    Refusal.Facts facts = refusal.facts();
    Problem problem = Problem.of(LedgerError.of(refusal.code()), detail(refusal));
    if (facts.available() != null) {
      problem = problem.with("available", facts.available());
    }
    if (facts.remaining() != null) {
      problem = problem.with("remaining", facts.remaining());
    }
    if (facts.hold() != null) {
      problem = problem.with("hold", Bodies.hold(facts.hold()));
    }
    return problem;
  }

  private static String detail(Refusal refusal) {
    Refusal.Facts facts = refusal.facts();
    return switch (refusal.code()) {
      case INSUFFICIENT_POINTS ->
          refusal.account() + " can spend " + facts.available() + " points, which is not enough.";
      case HOLD_NOT_ACTIVE ->
          facts.hold() == null
              ? "The hold is no longer active."
              : "The hold is " + facts.hold().status().wire() + ".";
      case CAPTURE_EXCEEDS_HOLD -> "Only " + facts.remaining() + " points remain on hold.";
      case REFUND_EXCEEDS_CHARGE ->
          "Only " + facts.remaining() + " points of the charge are left to refund.";
      case ALREADY_REVERSED -> "Nothing of this credit is left to reverse.";
      case ACCOUNT_FROZEN ->
          refusal.account() + " is frozen; an operator can say why and unfreeze it.";
      case BALANCE_LIMIT -> "It would take " + refusal.account() + " past 9007199254740991 points.";
      case LIMIT_EXCEEDED -> "Only " + facts.remaining() + " points are left within the limit.";
    };
  }

  private static Problem conflict(Outcome.Conflicting conflicting) {
    Problem problem =
        Problem.of(
                LedgerError.EXTERNAL_ID_CONFLICT,
                "This external_id was used before with another "
                    + String.join(", ", conflicting.differing())
                    + "; use a new external_id for a new operation.")
            .with("differing", conflicting.differing());
    return conflicting.transactionId() == null
        ? problem
        : problem.with("transaction_id", conflicting.transactionId().toString());
  }

  /**
   * The problem that a command's failure is told as; {@code null} if it is a bug, for the general
   * handling to log and hide.
   */
  static @Nullable Problem failure(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    return switch (cause) {
      case Lanes.Overloaded overloaded ->
          Problem.of(
              CommonError.OVERLOADED,
              "Nothing was done: "
                  + overloaded.getMessage()
                  + ". Retry with the same external_id.");
      case LedgerUnavailable unavailable -> unavailable();
      case TimeoutException timeout -> unavailable();
      default -> null;
    };
  }

  /** The database is away. */
  static Problem unavailable() {
    return Problem.of(
        CommonError.UNAVAILABLE,
        "The ledger could not be reached in time. Retry with the same external_id:"
            + " it tells what happened and never happens twice.");
  }
}
