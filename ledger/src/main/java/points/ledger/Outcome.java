package points.ledger;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of a command. Expected refusals are values: an exception from a ledger means a bug or
 * an outage, never "no".
 */
public sealed interface Outcome {
  /**
   * What becomes of a command whose key was used before: the same answer again, if it asks for the
   * same.
   *
   * @param before what is remembered under the command's key
   */
  static Outcome ofRepeat(Command command, Recorded before) {
    List<String> differing = Request.of(command.operation()).differing(before.request());
    if (!differing.isEmpty()) {
      UUID made = before instanceof Transaction transaction ? transaction.id() : null;
      return new Conflicting(differing, made);
    }
    return switch (before) {
      case Transaction transaction -> new Replayed(transaction);
      case Refusal refusal -> new Refused(refusal, true);
    };
  }

  /** What is remembered for ever and gives this outcome, or {@code null} if this tells no such. */
  default @Nullable Recorded recorded() {
    return switch (this) {
      case Posted posted -> posted.transaction();
      case Replayed replayed -> replayed.transaction();
      case Refused refused -> refused.refusal();
      case Conflicting c -> null;
      case HoldNotFound h -> null;
      case TransactionNotFound t -> null;
      case NotOwner n -> null;
      case Invalid i -> null;
      case NothingDue n -> null;
    };
  }

  /** Done now. */
  record Posted(Transaction transaction) implements Outcome {}

  /** Done before, under the same key with the same parameters: the same answer again. */
  record Replayed(Transaction transaction) implements Outcome {}

  /**
   * Refused, and remembered.
   *
   * @param replay whether it had been refused before
   */
  record Refused(Refusal refusal, boolean replay) implements Outcome {}

  /**
   * The key was used before with other parameters.
   *
   * @param differing their names, as in the HTTP contract; never empty
   * @param transactionId what was posted under the key, or {@code null} if that was refused
   */
  record Conflicting(List<String> differing, @Nullable UUID transactionId) implements Outcome {
    /** Copies the list. */
    public Conflicting {
      differing = List.copyOf(differing);
    }
  }

  /** There is no such hold. Not remembered. */
  record HoldNotFound(UUID holdId) implements Outcome {}

  /** There is no such transaction of the kind that can be refunded or reversed. Not remembered. */
  record TransactionNotFound(UUID transactionId) implements Outcome {}

  /** The hold or transaction is another source's. Not remembered. */
  record NotOwner() implements Outcome {}

  /** A parameter is impossible at this time. Not remembered. */
  record Invalid(String field, String message) implements Outcome {}

  /** The service's own operation found nothing left to do. Not remembered. */
  record NothingDue() implements Outcome {}
}
