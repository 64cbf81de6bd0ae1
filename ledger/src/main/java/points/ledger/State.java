package points.ledger;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The books as they are in the middle of a batch: what was there before, under what is new. */
final class State {
  private static final Comparator<Lot> LOT_ORDER = Lot.SPENDING_ORDER.thenComparing(Lot::id);

  private final Books books;
  private final List<Transaction> transactions = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private final Map<ExternalKey, Recorded> recorded = new HashMap<>();
  private final Map<UUID, Transaction> posted = new HashMap<>();
  private final Map<AccountId, Account> accounts = new LinkedHashMap<>();
  private final Map<UUID, Hold> holds = new LinkedHashMap<>();
  private final Map<UUID, Lot> lots = new LinkedHashMap<>();
  private final Map<AccountId, SortedSet<Lot>> openLots = new HashMap<>();
  private final Map<AccountId, Lot> lastKnown = new HashMap<>();
  private final Map<Changes.CreditDay, Long> credited = new HashMap<>();

  State(Books books) {
    this.books = books;
  }

  @Nullable Recorded recorded(ExternalKey key) {
    Recorded now = recorded.get(key);
    return now != null ? now : books.recorded(key);
  }

  Account account(AccountId id) {
    Account now = accounts.get(id);
    return now != null ? now : books.account(id);
  }

  @Nullable Hold hold(UUID id) {
    Hold now = holds.get(id);
    return now != null ? now : books.hold(id);
  }

  @Nullable Lot lot(UUID id) {
    Lot now = lots.get(id);
    return now != null ? now : books.lot(id);
  }

  /** A lot that is known to exist, because a hold, charge or due date names it. */
  Lot knownLot(UUID id) {
    Lot lot = lot(id);
    if (lot == null) {
      throw new IllegalStateException("lot " + id + " is named but not there");
    }
    return lot;
  }

  /** The open lots in which something remains, in the order of spending. Not to be changed. */
  SortedSet<Lot> openLots(AccountId id) {
    return openLots.computeIfAbsent(id, this::readOpenLots);
  }

  private SortedSet<Lot> readOpenLots(AccountId id) {
    SortedSet<Lot> open = new TreeSet<>(LOT_ORDER);
    for (Lot before : books.openLots(id)) {
      if (!lots.containsKey(before.id())) {
        open.add(before);
      }
    }
    if (!books.knowsAllLots(id)) {
      books.openLots(id).stream().max(LOT_ORDER).ifPresent(last -> lastKnown.put(id, last));
    }
    for (Lot now : lots.values()) {
      if (now.account().equals(id) && isSpendable(now)) {
        open.add(now);
      }
    }
    return open;
  }

  /**
   * Says that a lot is the next to be spent. Of an account whose lots are not all known, one beyond
   * the last known is not: others may lie between.
   */
  void requireKnownUpTo(Lot lot) {
    Lot last = lastKnown.get(lot.account());
    if (last != null && LOT_ORDER.compare(lot, last) > 0) {
      throw new LotsMissing(lot.account());
    }
  }

  void requireAllLots(AccountId id) {
    if (!books.knowsAllLots(id)) {
      throw new LotsMissing(id);
    }
  }

  @Nullable Transaction transaction(UUID id) {
    Transaction now = posted.get(id);
    return now != null ? now : books.transaction(id);
  }

  /** What has referred to {@code id} so far, this batch included. */
  List<Transaction> referringTo(UUID id) {
    List<Transaction> all = new ArrayList<>(books.referringTo(id));
    for (Transaction now : transactions) {
      if (id.equals(now.refersTo())) {
        all.add(now);
      }
    }
    return all;
  }

  long creditedOn(String source, LocalDate day) {
    return books.creditedOn(source, day)
        + credited.getOrDefault(new Changes.CreditDay(source, day), 0L);
  }

  void post(Transaction transaction, Account account) {
    transactions.add(transaction);
    posted.put(transaction.id(), transaction);
    recorded.put(transaction.key(), transaction);
    accounts.put(account.id(), account);
  }

  void refuse(Refusal refusal) {
    refusals.add(refusal);
    recorded.put(refusal.key(), refusal);
  }

  void put(Hold hold) {
    holds.put(hold.id(), hold);
  }

  void put(Lot lot) {
    SortedSet<Lot> open = openLots.get(lot.account());
    if (open != null) {
      Lot before = lot(lot.id());
      if (before != null) {
        open.remove(before);
      }
      if (isSpendable(lot)) {
        open.add(lot);
      }
    }
    lots.put(lot.id(), lot);
  }

  private static boolean isSpendable(Lot lot) {
    return lot.status() == LotStatus.OPEN && lot.remaining() > 0;
  }

  void addCredited(String source, LocalDate day, long amount) {
    credited.merge(new Changes.CreditDay(source, day), amount, Long::sum);
  }

  Changes changes() {
    return new Changes(
        transactions, refusals, accounts.values(), holds.values(), lots.values(), credited);
  }
}
