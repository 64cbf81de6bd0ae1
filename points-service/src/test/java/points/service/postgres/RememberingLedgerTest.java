package points.service.postgres;

import java.time.InstantSource;
import points.ledger.Ledger;
import points.ledger.LedgerContract;
import points.ledger.Limits;

/** The contract on PostgreSQL by a ledger that has the outcomes of a story at hand. */
final class RememberingLedgerTest extends LedgerContract {
  @Override
  protected Ledger newLedger(InstantSource clock, Limits limits) {
    return TestLedgers.emptiedLedger(clock, limits, TestLedgers.RECENT_BYTES);
  }
}
