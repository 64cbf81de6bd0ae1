package points.ledger;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The part of {@link Invariants} that is about lots: replays their moves, transaction by
 * transaction.
 */
final class LotInvariants {
  /** What the replay knows of a lot. */
  private record Trace(Lot lot, LotStatus status, long remaining) {}

  private final Account account;
  private final Map<UUID, Lot> lots = new HashMap<>();
  private final Map<UUID, Trace> traces = new HashMap<>();
  private final Map<UUID, Map<UUID, Long>> refundable = new HashMap<>();
  private final List<Transaction> history;
  private final List<String> broken;

  LotInvariants(Account account, List<Lot> lots, List<Transaction> history, List<String> broken) {
    this.account = account;
    this.history = history;
    this.broken = broken;
    long seq = 0;
    for (Lot lot : lots) {
      require(this.lots.put(lot.id(), lot) == null, null, "lot occurs twice: " + lot);
      require(lot.account().equals(account.id()), null, "another account's lot: " + lot);
      require(lot.seq() > seq, null, "lots are not oldest first");
      seq = lot.seq();
    }
  }

  void check() {
    for (Transaction t : history) {
      long remainingBefore = sum(LotStatus.OPEN);
      for (LotMove move : t.moves()) {
        Lot lot = lots.get(move.lotId());
        if (lot == null) {
          broken.add(Invariants.about(t) + "moves a lot that is not there");
        } else {
          move(t, move, lot);
        }
      }
      long permanentBefore = t.balance().available() - t.change().available() - remainingBefore;
      after(t, permanentBefore);
    }
    for (Lot lot : lots.values()) {
      Trace trace = traces.get(lot.id());
      require(trace != null, null, "a lot that no credit opened: " + lot);
      if (trace != null) {
        require(trace.remaining == lot.remaining(), null, "moves sum to " + trace);
        require(trace.status == lot.status(), null, "should be " + trace.status + ": " + lot);
      }
      boolean mayHold = lot.status() == LotStatus.OPEN || lot.status() == LotStatus.PENDING;
      require(mayHold || lot.remaining() == 0, null, "ended with points left: " + lot);
    }
    require(account.expiring() == sum(LotStatus.OPEN), null, "open lots: " + sum(LotStatus.OPEN));
  }

  private void move(Transaction t, LotMove move, Lot lot) {
    Trace before = traces.get(lot.id());
    LotStatus from = before == null ? null : before.status;
    long remaining = (before == null ? 0 : before.remaining) + move.change();
    require(remaining >= 0 && remaining <= lot.amount(), t, "lot has " + remaining);
    require(move.charged() >= 0, t, "charged less than nothing");
    charged(t, move);
    LotStatus to = statusAfter(t, lot, from, remaining);
    if (from != null && move.change() == 0 && t.type() != Verb.ACTIVATE) {
      to = from; // only charged
    } else {
      require(
          Transitions.LOT.contains(new Transitions.Row<>(from, t.type(), to)),
          t,
          "no such transition of a lot: " + from + " → " + to);
    }
    if (before == null) {
      require(lot.id().equals(t.id()), t, "opens a lot of another id");
      require(lot.seq() == t.seq() && lot.amount() == t.amount(), t, "opens " + lot);
      require(lot.source().equals(t.key().source()), t, "opens " + lot);
    }
    boolean takes = move.change() < 0 && from == LotStatus.OPEN;
    if (takes) {
      boolean expiry = t.type() == Verb.EXPIRE_LOT;
      require(lot.isLapsed(t.createdAt()) == expiry, t, "spent too late or expired too early");
      require(!expiry || remaining == 0, t, "expired in part");
    }
    traces.put(lot.id(), new Trace(lot, to, remaining));
  }

  private static LotStatus statusAfter(
      Transaction t, Lot lot, @Nullable LotStatus from, long remaining) {
    return switch (t.type()) {
      case CREDIT -> t.change().pending() > 0 ? LotStatus.PENDING : LotStatus.OPEN;
      case ACTIVATE -> lot.expiresAt() == null ? LotStatus.MERGED : LotStatus.OPEN;
      case EXPIRE_LOT -> LotStatus.EXPIRED;
      case REVERSE ->
          from != LotStatus.PENDING
              ? LotStatus.OPEN
              : remaining == 0 ? LotStatus.REVERSED : LotStatus.PENDING;
      case DEBIT, HOLD, CAPTURE, RELEASE, REFUND, EXPIRE_HOLD, ADJUST -> LotStatus.OPEN;
    };
  }

  /** Charges are noted where they are made, and a refund puts back no more than was charged. */
  private void charged(Transaction t, LotMove move) {
    switch (t.type()) {
      case DEBIT -> {
        require(move.charged() == -move.change(), t, "charged " + move);
        noteCharge(t, move);
      }
      case CAPTURE -> noteCharge(t, move);
      case REFUND -> {
        Map<UUID, Long> of = refundable.getOrDefault(t.refersTo(), new HashMap<>());
        long left = of.getOrDefault(move.lotId(), 0L) - move.change();
        require(left >= 0 && move.change() > 0, t, "puts back what was not taken: " + move);
        of.replace(move.lotId(), left);
      }
      case CREDIT, HOLD, RELEASE, REVERSE, EXPIRE_HOLD, ACTIVATE, EXPIRE_LOT, ADJUST ->
          require(move.charged() == 0, t, "charged " + move);
    }
  }

  private void noteCharge(Transaction t, LotMove move) {
    refundable.computeIfAbsent(t.id(), id -> new HashMap<>()).put(move.lotId(), move.charged());
  }

  /** What must be true between any two transactions. */
  private void after(Transaction t, long permanentBefore) {
    long open = sum(LotStatus.OPEN);
    long permanent = t.balance().available() - open;
    require(permanent >= 0, t, "lots have more than is available: " + open);
    require(t.balance().pending() == sum(LotStatus.PENDING), t, "pending lots differ");
    long charged = t.moves().stream().mapToLong(LotMove::charged).sum();
    require(charged <= t.amount(), t, "charged more than its amount");
    require(!isExpiry(t) || permanent == permanentBefore, t, "expired what never expires");
    if (spendsInOrder(t)) {
      soonestFirst(t, permanent < permanentBefore);
    }
  }

  private static boolean isExpiry(Transaction t) {
    return t.type() == Verb.EXPIRE_LOT;
  }

  private static boolean spendsInOrder(Transaction t) {
    return t.type() == Verb.DEBIT
        || t.type() == Verb.HOLD
        || (t.change().net() < 0 && t.type() == Verb.ADJUST);
  }

  /** Where a lot was touched, all that expire sooner are empty. */
  private void soonestFirst(Transaction t, boolean tookPermanent) {
    List<Trace> spendable = new ArrayList<>();
    for (Trace trace : traces.values()) {
      if (trace.status == LotStatus.OPEN && !trace.lot.isLapsed(t.createdAt())) {
        spendable.add(trace);
      }
    }
    spendable.sort(Comparator.comparing(trace -> trace.lot, Lot.SPENDING_ORDER));
    List<UUID> taken = t.moves().stream().map(LotMove::lotId).toList();
    boolean later = tookPermanent;
    for (Trace trace : spendable.reversed()) {
      require(!later || trace.remaining == 0, t, "a lot that expires sooner has points: " + trace);
      later = later || taken.contains(trace.lot.id());
    }
  }

  private long sum(LotStatus status) {
    return traces.values().stream()
        .filter(trace -> trace.status == status)
        .mapToLong(Trace::remaining)
        .sum();
  }

  private void require(boolean holds, @Nullable Transaction about, String message) {
    if (!holds) {
      broken.add(Invariants.about(about) + message);
    }
  }
}
