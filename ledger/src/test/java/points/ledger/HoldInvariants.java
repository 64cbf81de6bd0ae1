package points.ledger;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The part of {@link Invariants} that is about holds. */
final class HoldInvariants {
  private final Ledger ledger;
  private final Account account;
  private final List<Transaction> history;
  private final List<String> broken;
  private final Map<UUID, HoldState> states = new HashMap<>();
  private final Map<UUID, Transaction> opened = new HashMap<>();

  HoldInvariants(Ledger ledger, Account account, List<Transaction> history, List<String> broken) {
    this.ledger = ledger;
    this.account = account;
    this.history = history;
    this.broken = broken;
  }

  void check() {
    for (Transaction t : history) {
      boolean must =
          switch (t.type()) {
            case HOLD, CAPTURE, RELEASE, EXPIRE_HOLD -> true;
            case CREDIT, DEBIT, REFUND, REVERSE, ACTIVATE, EXPIRE_LOT, ADJUST -> false;
          };
      require((t.hold() != null) == must, t, "concerns a hold: " + t.hold());
      if (t.hold() != null) {
        step(t, t.hold());
      }
    }
    states.forEach(this::kept);
    long active =
        states.values().stream()
            .filter(state -> state.status() == HoldStatus.ACTIVE)
            .mapToLong(HoldState::remaining)
            .sum();
    require(account.balance().held() == active, null, "active holds sum to " + active);
  }

  private void step(Transaction t, HoldState now) {
    HoldState before = states.put(now.holdId(), now);
    HoldStatus from = before == null ? null : before.status();
    // Captured, released and expired lead nowhere, so this is also "a hold ends at most once".
    require(
        Transitions.HOLD.contains(new Transitions.Row<>(from, t.type(), now.status())),
        t,
        "no such transition: " + from + " → " + now.status());
    require(
        (now.remaining() == 0) == (now.status() != HoldStatus.ACTIVE), t, "ended or not: " + now);
    require(now.remaining() >= 0 && now.captured() >= 0 && now.released() >= 0, t, "sums: " + now);
    if (before == null) {
      opened.put(now.holdId(), t);
      require(now.holdId().equals(t.id()), t, "the hold's id is not that of its transaction");
      require(now.remaining() == t.amount(), t, "not all set aside: " + now);
      require(now.expiresAt().isAfter(t.createdAt()), t, "expires before it starts");
      return;
    }
    Transaction first = opened.getOrDefault(now.holdId(), t);
    require(now.amount() == before.amount(), t, "the hold's amount changed");
    require(now.expiresAt().equals(before.expiresAt()), t, "the hold's expiry changed");
    long captured = now.captured() - before.captured();
    long released = now.released() - before.released();
    require(captured == (t.type() == Verb.CAPTURE ? t.amount() : 0), t, "captured " + captured);
    require(t.change().held() == -captured - released, t, "held should change by both");
    require(t.change().available() == released, t, "available should change by what came back");
    boolean late = !t.createdAt().isBefore(now.expiresAt());
    require(late == (t.type() == Verb.EXPIRE_HOLD), t, "too late or too early: " + now);
    boolean own = t.key().source().equals(ExternalKey.SERVICE);
    require(own == (t.type() == Verb.EXPIRE_HOLD), t, "by the wrong source");
    require(own || t.key().source().equals(first.key().source()), t, "another source's hold");
  }

  private void kept(UUID id, HoldState last) {
    Hold hold = ledger.hold(id);
    if (hold == null) {
      broken.add("hold " + id + " is in the history only");
      return;
    }
    Transaction first = opened.get(id);
    require(hold.state().equals(last), first, "the hold is kept as " + hold.state());
    require(hold.account().equals(account.id()), first, "the hold is kept for " + hold.account());
    long parcels = hold.parcels().stream().mapToLong(Parcel::amount).sum();
    require(parcels == last.remaining(), first, "its parcels sum to " + parcels);
    require(hold.parcels().stream().allMatch(p -> p.amount() > 0), first, "an empty parcel");
    if (first != null) {
      require(hold.source().equals(first.key().source()), first, "the hold's source changed");
      require(hold.createdAt().equals(first.createdAt()), first, "the hold's time changed");
    }
  }

  private void require(boolean holds, @Nullable Transaction about, String message) {
    if (!holds) {
      broken.add(Invariants.about(about) + message);
    }
  }
}
