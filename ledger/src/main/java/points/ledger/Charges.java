package points.ledger;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of spending: debit, hold, capture, release, refund, and the expiry of holds. */
final class Charges {
  private final Desk desk;
  private final State state;

  Charges(Desk desk) {
    this.desk = desk;
    this.state = desk.state;
  }

  Outcome debit(Command command, Operation.Debit debit, Instant now) {
    Account account = state.account(debit.account());
    Outcome refused = desk.refuseSpending(command, account, debit.amount(), now);
    if (refused != null) {
      return refused;
    }
    Draft draft = desk.draft(command, account, now).against(spentBy(command.key().source()));
    draft.available(-debit.amount());
    charge(draft, desk.spending.take(draft, debit.amount()));
    return new Outcome.Posted(draft.post(debit.amount()));
  }

  Outcome hold(Command command, Operation.PlaceHold place, Instant now) {
    Account account = state.account(place.account());
    Outcome refused = desk.refuseSpending(command, account, place.amount(), now);
    if (refused != null) {
      return refused;
    }
    Draft draft = desk.draft(command, account, now);
    draft.available(-place.amount()).held(place.amount());
    HoldStatus active = Transitions.take(Transitions.HOLD, null, Verb.HOLD, HoldStatus.ACTIVE);
    Instant expiresAt = draft.at.plusSeconds(place.expiresInSeconds());
    HoldState opened = new HoldState(draft.id, active, place.amount(), 0, 0, expiresAt);
    List<Parcel> parcels = desk.spending.take(draft, place.amount());
    draft.hold(new Hold(account.id(), command.key().source(), opened, draft.at, parcels));
    return new Outcome.Posted(draft.post(place.amount()));
  }

  Outcome capture(Command command, Operation.Capture capture, Instant now) {
    Hold hold = state.hold(capture.holdId());
    if (hold == null) {
      return new Outcome.HoldNotFound(capture.holdId());
    }
    Outcome refused = refuseEnding(command, hold, now);
    if (refused != null) {
      return refused;
    }
    Account account = state.account(hold.account());
    long remaining = hold.state().remaining();
    long amount = capture.amount() == null ? remaining : capture.amount();
    if (amount > remaining) {
      return desk.refuse(
          command,
          account,
          Refusal.Code.CAPTURE_EXCEEDS_HOLD,
          Refusal.Facts.remaining(remaining),
          now);
    }
    boolean ends = capture.isFinal() || amount == remaining;
    long back = ends ? remaining - amount : 0;
    Draft draft = desk.draft(command, account, now).against(spentBy(hold.source()));
    charge(draft, Spending.first(hold.parcels(), amount));
    List<Parcel> rest = Spending.after(hold.parcels(), amount);
    draft.held(-amount - back).available(back);
    if (ends) {
      draft.restore(rest);
    }
    HoldState before = hold.state();
    HoldStatus status = ends ? HoldStatus.CAPTURED : HoldStatus.ACTIVE;
    Transitions.take(Transitions.HOLD, before.status(), Verb.CAPTURE, status);
    draft.hold(
        hold.with(
            status, before.captured() + amount, before.released() + back, ends ? List.of() : rest));
    Transaction posted = draft.post(amount);
    if (ends) {
      desk.expireLate(rest, account.id(), now);
    }
    return new Outcome.Posted(posted);
  }

  Outcome release(Command command, Operation.Release release, Instant now) {
    Hold hold = state.hold(release.holdId());
    if (hold == null) {
      return new Outcome.HoldNotFound(release.holdId());
    }
    Outcome refused = refuseEnding(command, hold, now);
    return refused != null ? refused : giveBack(command, hold, HoldStatus.RELEASED, now);
  }

  Outcome expire(Command command, Operation.ExpireHold expire, Instant now) {
    Hold hold = state.hold(expire.holdId());
    if (hold == null || hold.state().status() != HoldStatus.ACTIVE) {
      return new Outcome.NothingDue();
    }
    Account account = state.account(hold.account());
    if (account.frozen() || hold.isActive(Desk.at(account, now))) {
      return new Outcome.NothingDue();
    }
    return giveBack(command, hold, HoldStatus.EXPIRED, now);
  }

  private Outcome giveBack(Command command, Hold hold, HoldStatus status, Instant now) {
    HoldState before = hold.state();
    Transitions.take(Transitions.HOLD, before.status(), command.operation().verb(), status);
    long remaining = before.remaining();
    Draft draft = desk.draft(command, state.account(hold.account()), now);
    draft.held(-remaining).available(remaining);
    draft.restore(hold.parcels());
    draft.hold(hold.with(status, before.captured(), before.released() + remaining, List.of()));
    Transaction posted = draft.post(remaining);
    desk.expireLate(hold.parcels(), hold.account(), now);
    return new Outcome.Posted(posted);
  }

  /** Ownership, then the state of the hold, then that of the account. */
  private @Nullable Outcome refuseEnding(Command command, Hold hold, Instant now) {
    if (!hold.source().equals(command.key().source())) {
      return new Outcome.NotOwner();
    }
    Account account = state.account(hold.account());
    Instant at = Desk.at(account, now);
    if (!hold.isActive(at)) {
      Refusal.Facts facts = Refusal.Facts.hold(hold.stateAt(at));
      return desk.refuse(command, account, Refusal.Code.HOLD_NOT_ACTIVE, facts, now);
    }
    return account.frozen()
        ? desk.refuse(command, account, Refusal.Code.ACCOUNT_FROZEN, Refusal.Facts.NONE, now)
        : null;
  }

  Outcome refund(Command command, Operation.Refund refund, Instant now) {
    Transaction charge = state.transaction(refund.transactionId());
    if (charge == null || (charge.type() != Verb.DEBIT && charge.type() != Verb.CAPTURE)) {
      return new Outcome.TransactionNotFound(refund.transactionId());
    }
    if (!charge.key().source().equals(command.key().source())) {
      return new Outcome.NotOwner();
    }
    Account account = state.account(charge.account());
    if (account.frozen()) {
      return desk.refuse(command, account, Refusal.Code.ACCOUNT_FROZEN, Refusal.Facts.NONE, now);
    }
    List<Parcel> left = Spending.refundable(charge, state.referringTo(charge.id()));
    long refundable = Spending.sum(left);
    long amount = refund.amount() == null ? refundable : refund.amount();
    if (refundable == 0 || amount > refundable) {
      Refusal.Facts facts = Refusal.Facts.remaining(refundable);
      return desk.refuse(command, account, Refusal.Code.REFUND_EXCEEDS_CHARGE, facts, now);
    }
    Draft draft = desk.draft(command, account, now).against(charge.counter());
    draft.available(amount).refersTo(charge.id());
    if (draft.balance().total() > Limits.BALANCE_MAX) {
      return desk.refuse(command, account, Refusal.Code.BALANCE_LIMIT, Refusal.Facts.NONE, now);
    }
    List<Parcel> back = Spending.first(left, amount);
    draft.restore(back);
    Transaction posted = draft.post(amount);
    desk.expireLate(back, account.id(), now);
    return new Outcome.Posted(posted);
  }

  private static void charge(Draft draft, List<Parcel> parcels) {
    for (Parcel parcel : parcels) {
      if (parcel.lotId() != null) {
        draft.charge(parcel.lotId(), parcel.amount());
      }
    }
  }

  private static String spentBy(String source) {
    return "spent:" + source;
  }
}
