package points.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A transaction being written: collects what changes, then posts all of it at once. One is made,
 * filled and posted (or dropped, without a trace) within a single decision.
 */
final class Draft {
  final UUID id;
  final Instant at;
  final Account account;
  private final State state;
  private final Command command;
  private final Map<UUID, Lot> lots = new LinkedHashMap<>();
  private final Map<UUID, LotMove> moves = new LinkedHashMap<>();
  private Balance change = Balance.ZERO;
  private String counter;
  private @Nullable Hold hold;
  private @Nullable UUID refersTo;
  private Transaction.@Nullable Approval approval;

  Draft(State state, Command command, Account account, UUID id, Instant at) {
    this.state = state;
    this.command = command;
    this.account = account;
    this.id = id;
    this.at = at;
    this.counter = account.id().name();
  }

  Verb verb() {
    return command.operation().verb();
  }

  String source() {
    return command.key().source();
  }

  /** The earlier transaction that this one refers to, once it has been said. */
  UUID earlier() {
    return Objects.requireNonNull(refersTo);
  }

  /** The account that the points come from or go to; without one they only change their state. */
  Draft against(String counterAccount) {
    counter = counterAccount;
    return this;
  }

  Draft available(long by) {
    change = change.plus(new Balance(by, 0, 0, 0));
    return this;
  }

  Draft held(long by) {
    change = change.plus(new Balance(0, by, 0, 0));
    return this;
  }

  Draft pending(long by) {
    change = change.plus(new Balance(0, 0, by, 0));
    return this;
  }

  Draft debt(long by) {
    change = change.plus(new Balance(0, 0, 0, by));
    return this;
  }

  Draft hold(Hold after) {
    hold = after;
    return this;
  }

  Draft refersTo(UUID earlier) {
    refersTo = earlier;
    return this;
  }

  Draft approval(String maker, String checker) {
    approval = new Transaction.Approval(maker, checker);
    return this;
  }

  /** The balance that there would be. */
  Balance balance() {
    return account.balance().plus(change);
  }

  void open(Lot lot) {
    Transitions.take(Transitions.LOT, null, verb(), lot.status());
    lots.put(lot.id(), lot);
    moves.put(lot.id(), new LotMove(lot.id(), lot.remaining(), 0));
  }

  /** Changes what remains of a lot, and its state. */
  void move(Lot before, long by, LotStatus status) {
    Lot current = lots.getOrDefault(before.id(), before);
    Transitions.take(Transitions.LOT, current.status(), verb(), status);
    lots.put(before.id(), current.with(Math.addExact(current.remaining(), by), status));
    record(before.id(), by, 0);
  }

  /** Notes that points of a lot were charged for good. */
  void charge(UUID lotId, long amount) {
    record(lotId, 0, amount);
  }

  private void record(UUID lotId, long change, long charged) {
    moves.merge(
        lotId,
        new LotMove(lotId, change, charged),
        (a, b) -> new LotMove(lotId, a.change() + b.change(), a.charged() + b.charged()));
  }

  /** Puts parcels back where they came from. */
  void restore(List<Parcel> parcels) {
    for (Parcel parcel : parcels) {
      if (parcel.lotId() != null) {
        move(state.knownLot(parcel.lotId()), parcel.amount(), LotStatus.OPEN);
      }
    }
  }

  /** Writes it down: the new balance, the next number, the next link of the chain. */
  Transaction post(long amount) {
    Balance balance = balance();
    if (!balance.isSound()) {
      throw new IllegalStateException("unsound balance " + balance + " on " + account.id());
    }
    Transaction open =
        new Transaction(
            id,
            account.id(),
            account.seq() + 1,
            command.key(),
            Request.of(command.operation()),
            amount,
            change,
            balance,
            counter,
            -change.net(),
            hold == null ? null : hold.state(),
            refersTo,
            new ArrayList<>(moves.values()),
            approval,
            command.reason(),
            command.metadata(),
            at,
            Hash.START);
    Transaction done = open.withHash(HashChain.link(account.head(), open));
    long expiring = account.expiring() + expiringChange();
    state.post(
        done, new Account(account.id(), done.seq(), balance, expiring, done.hash(), at, false));
    if (hold != null) {
      state.put(hold);
    }
    lots.values().forEach(state::put);
    return done;
  }

  private long expiringChange() {
    long sum = 0;
    for (Lot after : lots.values()) {
      sum += openPoints(after) - openPoints(state.lot(after.id()));
    }
    return sum;
  }

  private static long openPoints(@Nullable Lot lot) {
    return lot != null && lot.status() == LotStatus.OPEN ? lot.remaining() : 0;
  }
}
