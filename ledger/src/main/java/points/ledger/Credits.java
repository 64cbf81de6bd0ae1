package points.ledger;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rules of giving and taking back: credit, reverse, adjust, and what is due on lots. */
final class Credits {
  private final Desk desk;
  private final State state;
  private final Limits limits;

  Credits(Desk desk, Limits limits) {
    this.desk = desk;
    this.state = desk.state;
    this.limits = limits;
  }

  Outcome credit(Command command, Operation.Credit credit, Instant now) {
    Account account = state.account(credit.account());
    Instant at = Desk.at(account, now);
    if (credit.expiresAt() != null && !credit.expiresAt().isAfter(at)) {
      return new Outcome.Invalid("expires_at", "must be in the future");
    }
    if (account.frozen()) {
      return desk.refuse(command, account, Refusal.Code.ACCOUNT_FROZEN, Refusal.Facts.NONE, now);
    }
    LocalDate day = LocalDate.ofInstant(at, ZoneOffset.UTC);
    String source = command.key().source();
    long left = limits.dailyCreditMax() - state.creditedOn(source, day);
    if (credit.amount() > left) {
      Refusal.Facts facts = Refusal.Facts.remaining(Math.max(0, left));
      return desk.refuse(command, account, Refusal.Code.LIMIT_EXCEEDED, facts, now);
    }
    Draft draft = desk.draft(command, account, now).against(issuedBy(source));
    if (credit.availableAt() != null && credit.availableAt().isAfter(at)) {
      draft.pending(credit.amount());
      openLot(draft, credit, credit.amount(), LotStatus.PENDING);
    } else {
      long kept = repayDebt(draft, credit.amount());
      if (credit.expiresAt() != null) {
        openLot(draft, credit, kept, LotStatus.OPEN);
      }
    }
    if (draft.balance().total() > Limits.BALANCE_MAX) {
      return desk.refuse(command, account, Refusal.Code.BALANCE_LIMIT, Refusal.Facts.NONE, now);
    }
    state.addCredited(source, day, credit.amount());
    return new Outcome.Posted(draft.post(credit.amount()));
  }

  private static void openLot(
      Draft draft, Operation.Credit credit, long remaining, LotStatus status) {
    Account account = draft.account;
    draft.open(
        new Lot(
            draft.id,
            account.id(),
            draft.source(),
            account.seq() + 1,
            credit.amount(),
            remaining,
            status,
            credit.expiresAt(),
            credit.availableAt()));
  }

  /**
   * Adds points to what is available, after the debt has been repaid from them.
   *
   * @return how many became available
   */
  private static long repayDebt(Draft draft, long amount) {
    long repaid = Math.min(draft.account.balance().debt(), amount);
    draft.available(amount - repaid).debt(-repaid);
    return amount - repaid;
  }

  Outcome reverse(Command command, Operation.Reverse reverse, Instant now) {
    Transaction credit = state.transaction(reverse.transactionId());
    if (credit == null || credit.type() != Verb.CREDIT) {
      return new Outcome.TransactionNotFound(reverse.transactionId());
    }
    if (!credit.key().source().equals(command.key().source())) {
      return new Outcome.NotOwner();
    }
    Account account = state.account(credit.account());
    if (account.frozen()) {
      return desk.refuse(command, account, Refusal.Code.ACCOUNT_FROZEN, Refusal.Facts.NONE, now);
    }
    long left = reversible(credit, Desk.at(account, now));
    long amount = reverse.amount() == null ? left : reverse.amount();
    if (left == 0 || amount > left) {
      Refusal.Code code = left == 0 ? Refusal.Code.ALREADY_REVERSED : Refusal.Code.LIMIT_EXCEEDED;
      return desk.refuse(command, account, code, Refusal.Facts.remaining(left), now);
    }
    Draft draft = desk.draft(command, account, now).against(credit.counter());
    draft.refersTo(credit.id());
    Lot lot = state.lot(credit.id());
    return lot != null && lot.status() == LotStatus.PENDING
        ? reversePending(draft, lot, amount)
        : reverseAvailable(command, draft, reverse.policy(), amount, now);
  }

  /**
   * What is left of a credit: less what was reversed, and less what its lot lost by expiring or is
   * about to, so that the answer is the same whether or not the expiry has been posted yet.
   */
  private long reversible(Transaction credit, Instant at) {
    Lot lot = state.lot(credit.id());
    long left = credit.amount();
    if (lot != null && lot.status() == LotStatus.OPEN && lot.isLapsed(at)) {
      left -= lot.remaining();
    }
    for (Transaction later : state.referringTo(credit.id())) {
      if (later.type() == Verb.REVERSE || later.type() == Verb.EXPIRE_LOT) {
        left -= later.amount();
      }
    }
    // Later takings from other lots and late expiries of its own may together exceed the credit.
    return Math.max(0, left);
  }

  private static Outcome reversePending(Draft draft, Lot lot, long amount) {
    boolean whole = lot.remaining() == amount;
    draft.pending(-amount);
    draft.move(lot, -amount, whole ? LotStatus.REVERSED : LotStatus.PENDING);
    return new Outcome.Posted(draft.post(amount));
  }

  private Outcome reverseAvailable(
      Command command, Draft draft, ReversePolicy policy, long amount, Instant now) {
    Account account = draft.account;
    long spendable = desk.spending.spendable(account, draft.at);
    long taken = Math.min(amount, spendable);
    if (policy == ReversePolicy.REJECT && taken < amount) {
      Refusal.Facts facts = Refusal.Facts.available(spendable);
      return desk.refuse(command, account, Refusal.Code.INSUFFICIENT_POINTS, facts, now);
    }
    long owed = policy == ReversePolicy.DEBT ? amount - taken : 0;
    draft.available(-taken).debt(owed);
    if (draft.balance().debt() > Limits.BALANCE_MAX) {
      return desk.refuse(command, account, Refusal.Code.BALANCE_LIMIT, Refusal.Facts.NONE, now);
    }
    desk.spending.takeBack(draft, draft.earlier(), taken);
    return new Outcome.Posted(draft.post(taken + owed));
  }

  Outcome adjust(Command command, Operation.Adjust adjust, Instant now) {
    Account account = state.account(adjust.account());
    long amount = Math.abs(adjust.amount());
    Outcome refused = desk.refuseSpending(command, account, Math.max(0, -adjust.amount()), now);
    if (refused != null) {
      return refused;
    }
    Draft draft = desk.draft(command, account, now).against("adjusted");
    draft.approval(adjust.maker(), adjust.checker());
    if (adjust.amount() > 0) {
      repayDebt(draft, amount);
    } else {
      draft.available(-amount);
      desk.spending.take(draft, amount);
    }
    if (draft.balance().total() > Limits.BALANCE_MAX) {
      return desk.refuse(command, account, Refusal.Code.BALANCE_LIMIT, Refusal.Facts.NONE, now);
    }
    return new Outcome.Posted(draft.post(amount));
  }

  Outcome activate(Command command, Operation.Activate activate, Instant now) {
    Lot lot = dueLot(activate.transactionId(), LotStatus.PENDING);
    if (lot == null) {
      return new Outcome.NothingDue();
    }
    Account account = state.account(lot.account());
    Instant availableAt = lot.availableAt();
    if (availableAt == null || Desk.at(account, now).isBefore(availableAt)) {
      return new Outcome.NothingDue();
    }
    Draft draft = desk.draft(command, account, now).refersTo(lot.id());
    draft.pending(-lot.remaining());
    long kept = repayDebt(draft, lot.remaining());
    boolean expires = lot.expiresAt() != null;
    draft.move(
        lot,
        expires ? kept - lot.remaining() : -lot.remaining(),
        expires ? LotStatus.OPEN : LotStatus.MERGED);
    Transaction posted = draft.post(lot.remaining());
    desk.expireIfLapsed(state.knownLot(lot.id()), account.id(), now);
    return new Outcome.Posted(posted);
  }

  Outcome expire(Command command, Operation.ExpireLot expire, Instant now) {
    Lot lot = dueLot(expire.transactionId(), LotStatus.OPEN);
    if (lot == null) {
      return new Outcome.NothingDue();
    }
    Account account = state.account(lot.account());
    return lot.isLapsed(Desk.at(account, now))
        ? new Outcome.Posted(desk.expire(command, lot, account, now))
        : new Outcome.NothingDue();
  }

  private @Nullable Lot dueLot(UUID id, LotStatus status) {
    Lot lot = state.lot(id);
    if (lot == null || lot.status() != status || lot.remaining() == 0) {
      return null;
    }
    return state.account(lot.account()).frozen() ? null : lot;
  }

  private static String issuedBy(String source) {
    return "issued:" + source;
  }
}
