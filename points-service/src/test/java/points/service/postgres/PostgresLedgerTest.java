package points.service.postgres;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterAll;
import points.ledger.Ledger;
import points.ledger.LedgerContract;
import points.ledger.Limits;

/** The contract on PostgreSQL: the very stories that the model is held to. */
final class PostgresLedgerTest extends LedgerContract {
  /** The invariants are read after each test, so its ledger is closed only with the next one. */
  private static final Deque<AutoCloseable> OPENED = new ArrayDeque<>();

  @Override
  protected Ledger newLedger(InstantSource clock, Limits limits) {
    closeAll();
    TestLedgers.Opened opened = TestLedgers.newLedger(clock, limits);
    OPENED.push(opened.connections());
    return opened.ledger();
  }

  @AfterAll
  static void closeAll() {
    while (!OPENED.isEmpty()) {
      try {
        OPENED.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
