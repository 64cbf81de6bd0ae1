package points.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/**
 * Replays what a ledger remembers on the model, account by account in ledger order: every
 * transaction must be what the model decides at its place, every refusal what the model decides at
 * some place of its time, and in the end both stand at the same. So whatever order the calls came
 * in, the ledger did what one that takes them one by one would have done.
 */
public final class Replay {
  /** Processes do not tell the time alike, so a refusal may lie a little beside its time. */
  private static final Duration SLACK = Duration.ofSeconds(1);

  private static final int DIFFERENCES_MAX = 10;

  private final Ledger subject;
  private final SettableClock clock = new SettableClock();
  private final Ids ids = new Ids(new Random(1));
  private final InMemoryLedger model = new InMemoryLedger(clock, ids, Limits.NONE);
  private final Correspondence correspondence = new Correspondence();
  private final List<String> differences = new ArrayList<>();
  private long replayed;

  private Replay(Ledger subject) {
    this.subject = subject;
  }

  /**
   * What a replay came to.
   *
   * @param steps how many transactions and refusals were replayed
   * @param differences from the model, in words; the first few
   */
  public record Result(long steps, List<String> differences) {}

  /**
   * Replays these accounts, none of which may have been adjusted, frozen or limited.
   *
   * @param refused the keys of the operations that were refused
   */
  public static Result of(
      Ledger subject, Collection<AccountId> accounts, Collection<ExternalKey> refused) {
    Replay replay = new Replay(subject);
    List<Refusal> refusals = new ArrayList<>();
    for (ExternalKey key : refused) {
      if (subject.recorded(key) instanceof Refusal refusal) {
        refusals.add(refusal);
      } else {
        replay.differ(key + " was refused, and that is not remembered");
      }
    }
    for (AccountId account : accounts) {
      replay.account(account, refusals.stream().filter(r -> r.account().equals(account)).toList());
    }
    return new Result(replay.replayed, List.copyOf(replay.differences));
  }

  private void account(AccountId account, List<Refusal> refusals) {
    List<Transaction> history = subject.history(account);
    Set<Refusal> unexplained = new HashSet<>(refusals);
    for (int next = 0; next <= history.size(); next++) {
      Instant from = next == 0 ? Instant.MIN : history.get(next - 1).createdAt().minus(SLACK);
      Instant to = next == history.size() ? Instant.MAX : history.get(next).createdAt().plus(SLACK);
      unexplained.removeIf(
          r -> !r.createdAt().isBefore(from) && !r.createdAt().isAfter(to) && isRefusedNow(r));
      if (next < history.size() && !post(history.get(next), next + 1)) {
        return; // from here on everything would differ
      }
    }
    replayed += history.size() + refusals.size();
    unexplained.forEach(r -> differ("the model would never have refused " + r));
    compare(account);
  }

  private boolean post(Transaction transaction, long seq) {
    clock.set(transaction.createdAt());
    Command command = correspondence.toModel(command(transaction));
    Outcome outcome = model.execute(List.of(command)).getFirst();
    // What comes back into a lot that has lapsed expires with the same command.
    Transaction ours =
        switch (outcome) {
          case Outcome.Posted(Transaction posted) -> posted;
          case Outcome.Replayed(Transaction alongside) -> alongside;
          default -> null;
        };
    if (ours == null) {
      differ(transaction + " is to the model " + outcome);
      return false;
    }
    correspondence.learn(ours.id(), transaction.id());
    Recorded theirs = correspondence.toModel((Recorded) transaction);
    if (transaction.seq() != seq || !theirs.equals(Correspondence.withoutHash((Recorded) ours))) {
      differ(theirs + " is to the model " + ours);
      return false;
    }
    return true;
  }

  private boolean isRefusedNow(Refusal refusal) {
    Command command =
        new Command(refusal.key(), operation(refusal.request()), null, null, refusal.requestId());
    Outcome outcome =
        new Batch(model, ids, Limits.NONE)
            .decide(correspondence.toModel(command), refusal.createdAt());
    return outcome instanceof Outcome.Refused(Refusal ours, boolean replay)
        && !replay
        && ours.code() == refusal.code()
        && Correspondence.withoutHash(new Outcome.Refused(withTimeOf(refusal, ours), false))
            .equals(correspondence.toModel(new Outcome.Refused(refusal, false)));
  }

  private static Refusal withTimeOf(Refusal time, Refusal r) {
    return new Refusal(
        r.key(), r.request(), r.account(), r.code(), r.facts(), time.createdAt(), r.requestId());
  }

  private void compare(AccountId id) {
    Account ours = model.account(id);
    Account theirs = subject.account(id);
    if (ours.seq() != theirs.seq()
        || !ours.balance().equals(theirs.balance())
        || ours.expiring() != theirs.expiring()) {
      differ(theirs + " is to the model " + ours);
    }
    List<Lot> lots = subject.lots(id).stream().map(correspondence::toModel).toList();
    if (!lots.equals(model.lots(id))) {
      differ("the lots " + lots + " are to the model " + model.lots(id));
    }
  }

  private void differ(String how) {
    if (differences.size() < DIFFERENCES_MAX) {
      differences.add(how);
    }
  }

  private static Command command(Transaction t) {
    return new Command(t.key(), operation(t.request()), t.reason(), t.metadata(), null);
  }

  /** The operation with these parameters. */
  private static Operation operation(Request r) {
    return switch (r.verb()) {
      case CREDIT -> new Operation.Credit(account(r), amount(r), r.expiresAt(), r.availableAt());
      case DEBIT -> new Operation.Debit(account(r), amount(r));
      case HOLD ->
          new Operation.PlaceHold(
              account(r), amount(r), Objects.requireNonNull(r.expiresInSeconds()));
      case CAPTURE ->
          new Operation.Capture(
              Objects.requireNonNull(r.holdId()), r.amount(), Boolean.TRUE.equals(r.isFinal()));
      case RELEASE -> new Operation.Release(Objects.requireNonNull(r.holdId()));
      case EXPIRE_HOLD -> new Operation.ExpireHold(Objects.requireNonNull(r.holdId()));
      case REFUND -> new Operation.Refund(transaction(r), r.amount());
      case REVERSE ->
          new Operation.Reverse(transaction(r), r.amount(), Objects.requireNonNull(r.policy()));
      case ACTIVATE -> new Operation.Activate(transaction(r));
      case EXPIRE_LOT -> new Operation.ExpireLot(transaction(r));
      case ADJUST -> throw new IllegalArgumentException("an adjustment cannot be replayed");
    };
  }

  private static AccountId account(Request r) {
    return Objects.requireNonNull(r.account());
  }

  private static long amount(Request r) {
    return Objects.requireNonNull(r.amount());
  }

  private static java.util.UUID transaction(Request r) {
    return Objects.requireNonNull(r.transactionId());
  }
}
