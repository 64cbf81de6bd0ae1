package points.ledger;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The ledger in memory: the model that the PostgreSQL ledger is compared with, and a ledger to test
 * against without a database. Thread-safe; durable only as long as the process.
 */
public final class InMemoryLedger implements Ledger, Books {
  private final InstantSource clock;
  private final Ids ids;
  private final Limits limits;
  private final Map<ExternalKey, Recorded> recorded = new HashMap<>();
  private final Map<AccountId, Account> accounts = new HashMap<>();
  private final Map<UUID, Hold> holds = new HashMap<>();
  private final Map<UUID, Lot> lots = new HashMap<>();
  private final Map<UUID, Transaction> transactions = new HashMap<>();
  private final Map<UUID, List<Transaction>> referring = new HashMap<>();
  private final Map<AccountId, List<Transaction>> history = new HashMap<>();
  private final Map<Changes.CreditDay, Long> credited = new HashMap<>();

  /** An empty ledger that tells the time by {@code clock}, to the microsecond. */
  public InMemoryLedger(InstantSource clock, Ids ids, Limits limits) {
    this.clock = clock;
    this.ids = ids;
    this.limits = limits;
  }

  @Override
  public synchronized List<Outcome> execute(List<Command> commands) {
    Batch batch = new Batch(this, ids, limits);
    Instant now = now();
    List<Outcome> outcomes = new ArrayList<>(commands.size());
    for (Command command : commands) {
      outcomes.add(batch.decide(command, now));
    }
    keep(batch.changes());
    return outcomes;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private void keep(Changes changes) {
    for (Transaction transaction : changes.transactions()) {
      recorded.put(transaction.key(), transaction);
      transactions.put(transaction.id(), transaction);
      history.computeIfAbsent(transaction.account(), id -> new ArrayList<>()).add(transaction);
      if (transaction.refersTo() != null) {
        referring.computeIfAbsent(transaction.refersTo(), id -> new ArrayList<>()).add(transaction);
      }
    }
    changes.refusals().forEach(refusal -> recorded.put(refusal.key(), refusal));
    changes.accounts().forEach(account -> accounts.put(account.id(), account));
    changes.holds().forEach(hold -> holds.put(hold.id(), hold));
    changes.lots().forEach(lot -> lots.put(lot.id(), lot));
    changes.credited().forEach((day, amount) -> credited.merge(day, amount, Long::sum));
  }

  @Override
  public synchronized Account account(AccountId id) {
    return accounts.getOrDefault(id, Account.empty(id));
  }

  @Override
  public synchronized @Nullable Hold hold(UUID id) {
    return holds.get(id);
  }

  @Override
  public synchronized List<Lot> lots(AccountId id) {
    return lots.values().stream()
        .filter(lot -> lot.account().equals(id))
        .sorted(Comparator.comparingLong(Lot::seq))
        .toList();
  }

  @Override
  public synchronized List<Transaction> history(AccountId id) {
    return List.copyOf(history.getOrDefault(id, List.of()));
  }

  @Override
  public synchronized @Nullable Recorded recorded(ExternalKey key) {
    return recorded.get(key);
  }

  @Override
  public synchronized List<Command> due(int limit) {
    Instant now = now();
    Stream<Command> expiringHolds =
        holds.values().stream()
            .filter(h -> h.state().status() == HoldStatus.ACTIVE && !h.isActive(now))
            .filter(h -> !account(h.account()).frozen())
            .map(h -> Command.expireHold(h.id()))
            .limit(limit);
    Stream<Command> activations =
        due(LotStatus.PENDING)
            .filter(lot -> !now.isBefore(Objects.requireNonNull(lot.availableAt())))
            .map(lot -> Command.activate(lot.id()))
            .limit(limit);
    Stream<Command> expiringLots =
        due(LotStatus.OPEN)
            .filter(lot -> lot.isLapsed(now))
            .map(lot -> Command.expireLot(lot.id(), account(lot.account()).seq() + 1))
            .limit(limit);
    return Stream.of(expiringHolds, activations, expiringLots).flatMap(s -> s).toList();
  }

  private Stream<Lot> due(LotStatus status) {
    return lots.values().stream()
        .filter(lot -> lot.status() == status && lot.remaining() > 0)
        .filter(lot -> !account(lot.account()).frozen());
  }

  @Override
  public synchronized void freeze(AccountId id, boolean frozen) {
    accounts.computeIfPresent(id, (key, account) -> account.frozen(frozen));
  }

  @Override
  public synchronized @Nullable Lot lot(UUID id) {
    return lots.get(id);
  }

  @Override
  public synchronized List<Lot> openLots(AccountId id) {
    return due(LotStatus.OPEN).filter(lot -> lot.account().equals(id)).toList();
  }

  @Override
  public boolean knowsAllLots(AccountId id) {
    return true;
  }

  @Override
  public synchronized @Nullable Transaction transaction(UUID id) {
    return transactions.get(id);
  }

  @Override
  public synchronized List<Transaction> referringTo(UUID id) {
    return List.copyOf(referring.getOrDefault(id, List.of()));
  }

  @Override
  public synchronized long creditedOn(String source, LocalDate day) {
    return credited.getOrDefault(new Changes.CreditDay(source, day), 0L);
  }
}
