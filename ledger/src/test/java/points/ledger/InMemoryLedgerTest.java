package points.ledger;

import java.security.SecureRandom;
import java.time.InstantSource;

/** The contract on the model. */
final class InMemoryLedgerTest extends LedgerContract {
  @Override
  protected Ledger newLedger(InstantSource clock, Limits limits) {
    return new InMemoryLedger(clock, new Ids(new SecureRandom()), limits);
  }
}
