package points.service.postgres;

import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import points.ledger.Ids;
import points.ledger.InMemoryLedger;
import points.ledger.Limits;
import points.ledger.RandomOperations;
import points.ledger.SettableClock;

/**
 * The same random operations on PostgreSQL and on the model: outcome by outcome, and in the end
 * balance by balance, they agree, whether or not outcomes are kept at hand. A failure names the
 * seed.
 */
class PostgresAgainstModelTest {
  private static final int FRESH_SEEDS = 5;
  private static final int STEPS = 60;

  @ParameterizedTest
  @ValueSource(ints = {0, TestLedgers.RECENT_BYTES})
  void theyAgree(int recentBytes) throws Exception {
    for (long seed : RandomOperations.seeds(FRESH_SEEDS)) {
      SettableClock clock = new SettableClock();
      InMemoryLedger model =
          new InMemoryLedger(clock, new Ids(RandomGenerator.getDefault()), Limits.NONE);
      TestLedgers.Opened subject = TestLedgers.newLedger(clock, Limits.NONE);
      try {
        PostgresLedger ledger =
            TestLedgers.ledger(
                subject.connections(), LedgerClock.of(clock), Limits.NONE, recentBytes);
        new RandomOperations(seed, clock).compare(model, ledger, STEPS);
      } finally {
        subject.connections().close();
      }
    }
  }
}
