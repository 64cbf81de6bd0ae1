package points.service.postgres;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import points.ledger.Account;
import points.ledger.AccountId;
import points.ledger.Books;
import points.ledger.Changes;
import points.ledger.ExternalKey;
import points.ledger.Hold;
import points.ledger.Lot;
import points.ledger.Recorded;
import points.ledger.Transaction;

/**
 * What one batch needs to know, as read from the database with its accounts locked. Holds and
 * transactions whose account is not locked were committed after the lock was taken: for this batch
 * they are not there yet.
 */
final class LoadedBooks implements Books {
  private final Map<AccountId, Account> accounts = new HashMap<>();
  private final Map<ExternalKey, Recorded> recorded = new HashMap<>();
  private final Map<AccountId, String> places = new HashMap<>();
  private final Map<UUID, Hold> holds = new HashMap<>();
  private final Map<UUID, Transaction> transactions = new HashMap<>();
  private final Map<UUID, List<Transaction>> referring = new HashMap<>();
  private final Map<UUID, Lot> lots = new HashMap<>();
  private final Map<AccountId, List<Lot>> openLots = new HashMap<>();
  private final Set<AccountId> lotsCut = new HashSet<>();
  private final Map<Changes.CreditDay, Long> credited = new HashMap<>();

  /** Adds a locked account and where its row is: as long as it is locked, it stays there. */
  void add(Account account, String place) {
    accounts.put(account.id(), account);
    places.put(account.id(), place);
  }

  /** Where the row of an account is that was read. */
  String place(AccountId id) {
    return Objects.requireNonNull(places.get(id));
  }

  void addOutcome(Recorded outcome) {
    recorded.put(outcome.key(), outcome);
  }

  /** Whether any of the external ids was used before. */
  boolean hasRepeats() {
    return !recorded.isEmpty();
  }

  void add(Hold hold) {
    if (accounts.containsKey(hold.account())) {
      holds.put(hold.id(), hold);
    }
  }

  void addEarlier(Transaction transaction) {
    if (!accounts.containsKey(transaction.account())) {
      return;
    }
    // It can be read twice: because it is named, and because it refers to another that is.
    boolean isNew = transactions.put(transaction.id(), transaction) == null;
    if (isNew && transaction.refersTo() != null) {
      referring.computeIfAbsent(transaction.refersTo(), id -> new ArrayList<>()).add(transaction);
    }
  }

  void add(Lot lot) {
    if (accounts.containsKey(lot.account())) {
      lots.put(lot.id(), lot);
    }
  }

  void addOpen(Lot lot, int limit) {
    List<Lot> open = openLots.computeIfAbsent(lot.account(), id -> new ArrayList<>());
    open.add(lot);
    lots.put(lot.id(), lot);
    if (open.size() >= limit) {
      lotsCut.add(lot.account());
    }
  }

  void addCredited(String source, LocalDate day, long points) {
    credited.put(new Changes.CreditDay(source, day), points);
  }

  /** Whether a hold or a lot that was read ends so close to {@code now}. */
  boolean endsWithin(Duration margin, Instant now) {
    Instant from = now.minus(margin);
    Instant to = now.plus(margin);
    for (Hold hold : holds.values()) {
      if (isBetween(from, hold.state().expiresAt(), to)) {
        return true;
      }
    }
    for (Lot lot : lots.values()) {
      if (isBetween(from, lot.expiresAt(), to)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isBetween(Instant from, @Nullable Instant time, Instant to) {
    return time != null && time.isAfter(from) && time.isBefore(to);
  }

  @Override
  public @Nullable Recorded recorded(ExternalKey key) {
    return recorded.get(key);
  }

  @Override
  public Account account(AccountId id) {
    Account account = accounts.get(id);
    return account == null ? Account.empty(id) : account;
  }

  @Override
  public @Nullable Hold hold(UUID id) {
    return holds.get(id);
  }

  @Override
  public @Nullable Lot lot(UUID id) {
    return lots.get(id);
  }

  @Override
  public List<Lot> openLots(AccountId id) {
    return openLots.getOrDefault(id, List.of());
  }

  @Override
  public boolean knowsAllLots(AccountId id) {
    return !lotsCut.contains(id);
  }

  @Override
  public @Nullable Transaction transaction(UUID id) {
    return transactions.get(id);
  }

  @Override
  public List<Transaction> referringTo(UUID id) {
    return referring.getOrDefault(id, List.of());
  }

  @Override
  public long creditedOn(String source, LocalDate day) {
    return credited.getOrDefault(new Changes.CreditDay(source, day), 0L);
  }
}
