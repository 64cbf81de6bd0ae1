package points.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The model, with every batch decided once more beforehand from books that give only the few lots
 * that expire soonest. The decisions must be the very same, unless all lots are asked for.
 */
final class NarrowLedger implements Ledger {
  private final InMemoryLedger ledger;
  private final InstantSource clock;
  private final Random ids;
  private final int lotsMax;
  private int asked;
  private int same;

  /** The ledger takes its ids from {@code ids}. */
  NarrowLedger(InMemoryLedger ledger, InstantSource clock, Random ids, int lotsMax) {
    this.ledger = ledger;
    this.clock = clock;
    this.ids = ids;
    this.lotsMax = lotsMax;
  }

  /** How many batches asked for all lots. */
  int asked() {
    return asked;
  }

  /** How many were decided without. */
  int same() {
    return same;
  }

  @Override
  public List<Outcome> execute(List<Command> commands) {
    long seed = ids.nextLong();
    List<Outcome> narrowly = narrowly(commands, seed);
    ids.setSeed(seed);
    List<Outcome> outcomes = ledger.execute(commands);
    if (narrowly.isEmpty()) {
      asked++;
    } else {
      same++;
      assertThat(narrowly).as("from %d lots", lotsMax).isEqualTo(outcomes);
    }
    return outcomes;
  }

  private List<Outcome> narrowly(List<Command> commands, long seed) {
    Batch batch = new Batch(new NarrowBooks(), new Ids(new Random(seed)), Limits.NONE);
    List<Outcome> outcomes = new ArrayList<>();
    try {
      for (Command command : commands) {
        outcomes.add(batch.decide(command, clock.instant()));
      }
      return outcomes;
    } catch (LotsMissing missing) {
      assertThat(ledger.openLots(missing.account())).hasSizeGreaterThan(lotsMax);
      return List.of();
    }
  }

  private final class NarrowBooks implements Books {
    @Override
    public List<Lot> openLots(AccountId id) {
      Comparator<Lot> order = Lot.SPENDING_ORDER;
      return ledger.openLots(id).stream().sorted(order).limit(lotsMax).toList();
    }

    @Override
    public boolean knowsAllLots(AccountId id) {
      return ledger.openLots(id).size() <= lotsMax;
    }

    @Override
    public @Nullable Recorded recorded(ExternalKey key) {
      return ledger.recorded(key);
    }

    @Override
    public Account account(AccountId id) {
      return ledger.account(id);
    }

    @Override
    public @Nullable Hold hold(UUID id) {
      return ledger.hold(id);
    }

    @Override
    public @Nullable Lot lot(UUID id) {
      return ledger.lot(id);
    }

    @Override
    public @Nullable Transaction transaction(UUID id) {
      return ledger.transaction(id);
    }

    @Override
    public List<Transaction> referringTo(UUID id) {
      return ledger.referringTo(id);
    }

    @Override
    public long creditedOn(String source, LocalDate day) {
      return ledger.creditedOn(source, day);
    }
  }

  @Override
  public Account account(AccountId id) {
    return ledger.account(id);
  }

  @Override
  public @Nullable Hold hold(UUID id) {
    return ledger.hold(id);
  }

  @Override
  public List<Lot> lots(AccountId id) {
    return ledger.lots(id);
  }

  @Override
  public List<Transaction> history(AccountId id) {
    return ledger.history(id);
  }

  @Override
  public @Nullable Recorded recorded(ExternalKey key) {
    return ledger.recorded(key);
  }

  @Override
  public List<Command> due(int limit) {
    return ledger.due(limit);
  }

  @Override
  public void freeze(AccountId id, boolean frozen) {
    ledger.freeze(id, frozen);
  }
}
