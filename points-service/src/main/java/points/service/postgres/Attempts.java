package points.service.postgres;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import points.ledger.Changes;
import points.ledger.Outcome;
import points.ledger.Refusal;
import points.ledger.Transaction;

/**
 * What earlier tries of one batch meant to write. If a try's COMMIT was in doubt, the next finds
 * its outcomes under their external ids; as they are this batch's own, their callers are answered
 * as what they are: the first.
 */
final class Attempts {
  private final Set<UUID> transactions = new HashSet<>();
  private final Set<Refusal> refusals = new HashSet<>();

  void remember(Changes changes) {
    changes.transactions().stream().map(Transaction::id).forEach(transactions::add);
    refusals.addAll(changes.refusals());
  }

  /** Each is the first answer once; after that it is a replay indeed. */
  Outcome settle(Outcome outcome) {
    if (outcome instanceof Outcome.Replayed replayed
        && transactions.remove(replayed.transaction().id())) {
      return new Outcome.Posted(replayed.transaction());
    }
    if (outcome instanceof Outcome.Refused refused
        && refused.replay()
        && refusals.remove(refused.refusal())) {
      return new Outcome.Refused(refused.refusal(), false);
    }
    return outcome;
  }
}
