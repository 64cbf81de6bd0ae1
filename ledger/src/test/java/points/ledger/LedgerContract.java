package points.ledger;

import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What every {@link Ledger} must do, as stories; the {@link Invariants} are checked after each. A
 * subclass gives the ledger and nothing else.
 */
public abstract class LedgerContract
    implements CreditStories,
        ChargeStories,
        HoldStories,
        RefundStories,
        ReverseStories,
        LotStories,
        PendingStories,
        IdempotencyStories,
        PrecedenceStories,
        LimitStories,
        BatchStories,
        ConcurrencyStories {
  private final SettableClock clock = new SettableClock();
  @RegisterExtension final InvariantsAfterEach invariants = new InvariantsAfterEach();
  private @Nullable Ledger ledger;
  private @Nullable Story story;
  private Limits limits = Limits.NONE;

  /** A new, empty ledger that tells the time by {@code clock} and nothing else. */
  protected abstract Ledger newLedger(InstantSource clock, Limits limits);

  @Override
  public final Ledger ledger() {
    if (ledger == null) {
      ledger = invariants.watch(newLedger(clock, limits));
    }
    return ledger;
  }

  @Override
  public final Story story() {
    if (story == null) {
      story = new Story(ledger(), clock);
    }
    return story;
  }

  @Override
  public final void dailyCreditMax(long points) {
    limits = new Limits(points);
    ledger = null;
    story = null;
  }
}
