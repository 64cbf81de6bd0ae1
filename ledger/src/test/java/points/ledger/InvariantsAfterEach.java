package points.ledger;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Checks the {@link Invariants} of every watched ledger after each test, whatever the test was
 * about. Register one per test instance with {@code @RegisterExtension}.
 */
public final class InvariantsAfterEach implements AfterEachCallback {
  private final List<WatchedLedger> watched = new CopyOnWriteArrayList<>();

  /** The same ledger, watched. */
  public WatchedLedger watch(Ledger ledger) {
    WatchedLedger watching = new WatchedLedger(ledger);
    watched.add(watching);
    return watching;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    watched.forEach(WatchedLedger::check);
    watched.clear();
  }
}
