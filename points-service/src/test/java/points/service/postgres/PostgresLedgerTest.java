package points.service.postgres;

import java.time.InstantSource;
import points.ledger.Ledger;
import points.ledger.LedgerContract;
import points.ledger.Limits;

/**
 * The contract on PostgreSQL: the very stories that the model is held to, all asked of the tables.
 */
final class PostgresLedgerTest extends LedgerContract {
  @Override
  protected Ledger newLedger(InstantSource clock, Limits limits) {
    return TestLedgers.emptiedLedger(clock, limits, 0);
  }
}
