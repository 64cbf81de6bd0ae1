package points.service.postgres;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import points.ledger.Changes;
import points.ledger.Outcome;
import points.ledger.Recorded;
import points.ledger.Refusal;
import points.ledger.Transaction;

/**
 * The tries of one batch, and what those of them meant to write whose COMMIT was in doubt. The next
 * try may find it under its external ids; as it is this batch's own, its callers are answered as
 * what they are: the first.
 */
final class Attempts {
  private final Set<Recorded> inDoubt = new HashSet<>();
  private final Set<Recorded> found = new HashSet<>();
  private @Nullable Changes written;

  /** Another try begins. */
  void begin() {
    found.clear();
    written = null;
  }

  /** It is about to write these. */
  void write(Changes changes) {
    written = changes;
  }

  /** Nobody knows what became of it. */
  void fail() {
    if (written != null) {
      inDoubt.addAll(written.transactions());
      inDoubt.addAll(written.refusals());
    }
  }

  /** Each is the first answer once; after that it is a replay indeed. */
  Outcome settle(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Replayed(Transaction transaction) when isFirst(transaction) ->
          new Outcome.Posted(transaction);
      case Outcome.Refused(Refusal refusal, boolean replay) when replay && isFirst(refusal) ->
          new Outcome.Refused(refusal, false);
      default -> outcome;
    };
  }

  private boolean isFirst(Recorded recorded) {
    return inDoubt.contains(recorded) && found.add(recorded);
  }
}
