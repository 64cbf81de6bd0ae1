package points.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The invariants have teeth: whatever is altered in a sound ledger, one of them bites. */
final class InvariantsTest {
  private static final AccountId USER = new AccountId("user:1");
  private final SettableClock clock = new SettableClock();
  private final InMemoryLedger sound =
      new InMemoryLedger(clock, new Ids(new Random(1)), Limits.NONE);

  @BeforeEach
  void aStoryWithEverything() {
    new Story(sound, clock)
        .tell(
            """
            credit c1 user:1 100
            credit c2 user:1 50 expires=+2d
            credit c3 user:1 30 available=+1d expires=+3d
            debit  d1 user:1 60
            refund f1 $d1 20
            hold   h1 user:1 40 ttl=3600
            hold   h2 user:1 10 ttl=864000
            capture k1 $h1 10 final=false
            capture k2 $h1 10
            adjust a1 user:1 -5
            credit c4 user:1 20 expires=+1d
            at +1d
            due
            reverse v1 $c1 20 policy=debt
            release r1 $h2
            hold   h3 user:1 10 ttl=864000
            credit c5 user:1 9 available=+9d
            """);
  }

  @Test
  void aSoundLedgerBreaksNone() {
    Invariants.check(sound, List.of(USER));
    new WatchedLedger(sound).check();
  }

  @Test
  void theAccountIsWhatItsHistoryComesTo() {
    Account a = sound.account(USER);
    Balance b = a.balance();
    bites(
        new Altered()
            .account(x -> changedAccount(a, a.seq() + 1, b, a.expiring(), a.head(), a.lastAt())));
    for (Balance other : others(b)) {
      bites(
          new Altered()
              .account(x -> changedAccount(a, a.seq(), other, a.expiring(), a.head(), a.lastAt())));
    }
    bites(
        new Altered()
            .account(x -> changedAccount(a, a.seq(), b, a.expiring() + 1, a.head(), a.lastAt())));
    bites(
        new Altered()
            .account(x -> changedAccount(a, a.seq(), b, a.expiring(), Hash.START, a.lastAt())));
    Instant later = a.lastAt().plusSeconds(1);
    bites(new Altered().account(x -> changedAccount(a, a.seq(), b, a.expiring(), a.head(), later)));
  }

  private static List<Balance> others(Balance b) {
    return List.of(
        b.plus(new Balance(1, 0, 0, 0)),
        b.plus(new Balance(0, 1, 0, 0)),
        b.plus(new Balance(0, 0, 1, 0)),
        b.plus(new Balance(0, 0, 0, 1)),
        b.plus(new Balance(1, -1, 0, 0)));
  }

  private static Account changedAccount(
      Account a, long seq, Balance balance, long expiring, Hash head, Instant lastAt) {
    return new Account(a.id(), seq, balance, expiring, head, lastAt, a.frozen());
  }

  @Test
  void noTransactionCanGo() {
    for (int i = 0; i < sound.history(USER).size(); i++) {
      int gone = i;
      bites(
          new Altered()
              .history(
                  all -> {
                    List<Transaction> left = new ArrayList<>(all);
                    left.remove(gone);
                    return rechained(left);
                  }));
    }
  }

  @Test
  void noTwoTransactionsCanBeSwapped() {
    for (int i = 1; i < sound.history(USER).size(); i++) {
      int at = i;
      bites(
          new Altered()
              .history(
                  all -> {
                    List<Transaction> swapped = new ArrayList<>(all);
                    swapped.add(at - 1, swapped.remove(at));
                    return swapped;
                  }));
    }
  }

  /** Even if the forger recomputes all hashes. */
  @Test
  void noAmountCanBeForged() {
    for (int i = 0; i < sound.history(USER).size(); i++) {
      for (Balance by : others(Balance.ZERO)) {
        int at = i;
        bites(
            new Altered()
                .history(
                    all -> {
                      List<Transaction> forged = new ArrayList<>(all);
                      forged.set(at, changed(forged.get(at), by));
                      return rechained(forged);
                    }));
      }
    }
  }

  @Test
  void aHistoryWithABrokenHashIsFound() {
    bites(
        new Altered()
            .history(
                all -> {
                  List<Transaction> forged = new ArrayList<>(all);
                  forged.set(3, forged.get(3).withHash(Hash.START));
                  return forged;
                }));
  }

  @Test
  void lotsAreWhatTheirMovesComeTo() {
    for (Lot lot : sound.lots(USER)) {
      bites(altered(lot, lot.with(lot.remaining() + 1, lot.status())));
      for (LotStatus status : LotStatus.values()) {
        if (status != lot.status()) {
          bites(altered(lot, lot.with(lot.remaining(), status)));
        }
      }
      bites(new Altered().lots(all -> all.stream().filter(l -> !l.equals(lot)).toList()));
    }
    bites(new Altered().lots(List::reversed));
  }

  private Altered altered(Lot lot, Lot other) {
    return new Altered().lots(all -> all.stream().map(l -> l.equals(lot) ? other : l).toList());
  }

  @Test
  void holdsAreWhatTheirHistoryComesTo() {
    bites(new Altered().hold(hold -> null));
    bites(new Altered().hold(h -> h.with(HoldStatus.RELEASED, 0, 0, h.parcels())));
    bites(new Altered().hold(h -> h.with(h.state().status(), 1, 0, h.parcels())));
    bites(
        new Altered()
            .hold(
                h ->
                    h.with(
                        h.state().status(),
                        h.state().captured(),
                        h.state().released(),
                        List.of(new Parcel(null, 1)))));
    bites(
        new Altered()
            .hold(h -> new Hold(h.account(), "other", h.state(), h.createdAt(), h.parcels())));
  }

  @Test
  void keysRememberWhatWasPosted() {
    Altered forgetful = new Altered();
    forgetful.recorded = recorded -> null;
    bites(forgetful);
  }

  private static void bites(Ledger ledger) {
    assertThat(Invariants.broken(ledger, List.of(USER))).isNotEmpty();
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> Invariants.check(ledger, List.of(USER)));
  }

  private static Transaction changed(Transaction t, Balance by) {
    Balance change = t.change().plus(by);
    return copy(t, t.seq(), change, t.balance(), -change.net());
  }

  /** The same transactions, numbered, added up and hashed anew. */
  private static List<Transaction> rechained(List<Transaction> transactions) {
    List<Transaction> chained = new ArrayList<>();
    Balance balance = Balance.ZERO;
    Hash head = Hash.START;
    for (Transaction t : transactions) {
      balance = balance.plus(t.change());
      Transaction open = copy(t, chained.size() + 1L, t.change(), balance, t.counterChange());
      head = HashChain.link(head, open);
      chained.add(open.withHash(head));
    }
    return chained;
  }

  private static Transaction copy(
      Transaction t, long seq, Balance change, Balance balance, long counterChange) {
    return new Transaction(
        t.id(),
        t.account(),
        seq,
        t.key(),
        t.request(),
        t.amount(),
        change,
        balance,
        t.counter(),
        counterChange,
        t.hold(),
        t.refersTo(),
        t.moves(),
        t.approval(),
        t.reason(),
        t.metadata(),
        t.createdAt(),
        t.hash());
  }

  /** How something is altered. */
  private interface Change<T> {
    @Nullable T of(T whole);
  }

  /**
   * The sound ledger, seen through a forger's glasses. Where the history is forged, so are all that
   * would tell at once: the account and the keys.
   */
  private final class Altered implements Ledger {
    private UnaryOperator<Account> account = UnaryOperator.identity();
    private UnaryOperator<List<Transaction>> history = UnaryOperator.identity();
    private UnaryOperator<List<Lot>> lots = UnaryOperator.identity();
    private Change<Hold> hold = whole -> whole;
    private Change<Recorded> recorded = whole -> whole;

    Altered account(UnaryOperator<Account> change) {
      account = change;
      return this;
    }

    Altered history(UnaryOperator<List<Transaction>> change) {
      List<Transaction> forged = change.apply(sound.history(USER));
      Map<ExternalKey, Transaction> byKey = new HashMap<>();
      forged.forEach(t -> byKey.put(t.key(), t));
      Transaction last = forged.getLast();
      history = all -> forged;
      account =
          a ->
              changedAccount(
                  a, last.seq(), last.balance(), a.expiring(), last.hash(), last.createdAt());
      recorded = r -> byKey.get(r.key());
      return this;
    }

    Altered lots(UnaryOperator<List<Lot>> change) {
      lots = change;
      return this;
    }

    Altered hold(Change<Hold> change) {
      hold = change;
      return this;
    }

    @Override
    public List<Outcome> execute(List<Command> commands) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Account account(AccountId id) {
      return account.apply(sound.account(id));
    }

    @Override
    public @Nullable Hold hold(UUID id) {
      Hold whole = sound.hold(id);
      return whole == null ? null : hold.of(whole);
    }

    @Override
    public List<Lot> lots(AccountId id) {
      return lots.apply(sound.lots(id));
    }

    @Override
    public List<Transaction> history(AccountId id) {
      return history.apply(sound.history(id));
    }

    @Override
    public @Nullable Recorded recorded(ExternalKey key) {
      Recorded whole = sound.recorded(key);
      return whole == null ? null : recorded.of(whole);
    }

    @Override
    public List<Command> due(int limit) {
      return sound.due(limit);
    }

    @Override
    public void freeze(AccountId id, boolean frozen) {
      sound.freeze(id, frozen);
    }
  }
}
