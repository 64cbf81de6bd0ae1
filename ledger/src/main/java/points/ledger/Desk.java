package points.ledger;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the rules for every verb share: drafting, refusing, and expiring what came back too late.
 */
final class Desk {
  final State state;
  final Spending spending;
  private final Ids ids;

  Desk(State state, Ids ids) {
    this.state = state;
    this.ids = ids;
    this.spending = new Spending(state);
  }

  /** The time of a decision on an account, which never runs backwards. */
  static Instant at(Account account, Instant now) {
    return now.isBefore(account.lastAt()) ? account.lastAt() : now;
  }

  Draft draft(Command command, Account account, Instant now) {
    Instant at = at(account, now);
    return new Draft(state, command, account, ids.next(at, account.id().bucket()), at);
  }

  Outcome refuse(
      Command command, Account account, Refusal.Code code, Refusal.Facts facts, Instant now) {
    Refusal refusal =
        new Refusal(
            command.key(),
            Request.of(command.operation()),
            account.id(),
            code,
            facts,
            at(account, now),
            command.requestId());
    state.refuse(refusal);
    return new Outcome.Refused(refusal, false);
  }

  /** Refuses if the account is frozen or less can be spent than {@code amount}. */
  @Nullable Outcome refuseSpending(Command command, Account account, long amount, Instant now) {
    if (account.frozen()) {
      return refuse(command, account, Refusal.Code.ACCOUNT_FROZEN, Refusal.Facts.NONE, now);
    }
    long spendable = spending.spendable(account, at(account, now));
    if (spendable < amount) {
      return refuse(
          command,
          account,
          Refusal.Code.INSUFFICIENT_POINTS,
          Refusal.Facts.available(spendable),
          now);
    }
    return null;
  }

  /**
   * Expires, as postings of their own, what parcels brought back into lots whose time is up by now.
   */
  void expireLate(List<Parcel> restored, AccountId account, Instant now) {
    for (Parcel parcel : restored) {
      if (parcel.lotId() != null) {
        expireIfLapsed(state.knownLot(parcel.lotId()), account, now);
      }
    }
  }

  /** Expires what remains of a lot if its time is up. */
  @Nullable Transaction expireIfLapsed(Lot lot, AccountId id, Instant now) {
    Account account = state.account(id);
    if (lot.remaining() == 0 || !lot.isLapsed(at(account, now))) {
      return null;
    }
    return expire(Command.expireLot(lot.id(), account.seq() + 1), lot, account, now);
  }

  Transaction expire(Command command, Lot lot, Account account, Instant now) {
    Draft draft = draft(command, account, now).against("expired").refersTo(lot.id());
    draft.available(-lot.remaining());
    draft.move(lot, -lot.remaining(), LotStatus.EXPIRED);
    return draft.post(lot.remaining());
  }
}
