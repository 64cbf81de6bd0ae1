package points.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What must be true of a ledger at any time, whatever was asked of it: everything in the list of
 * promises that the interface can show. It knows no rule of deciding; it replays the history of an
 * account and adds up.
 */
public final class Invariants {
  /** A question for each of many thousand transactions would take a database most of a minute. */
  private static final int ASKED_ONE_BY_ONE = 200;

  private final Ledger ledger;
  private final Account account;
  private final List<Transaction> history;
  private final Map<UUID, Transaction> earlier = new HashMap<>();
  private final Map<UUID, Long> givenBack = new HashMap<>();
  private final List<String> broken = new ArrayList<>();

  private Invariants(Ledger ledger, AccountId id) {
    this.ledger = ledger;
    this.account = ledger.account(id);
    this.history = ledger.history(id);
  }

  /**
   * Checks all invariants of some accounts.
   *
   * @throws AssertionError naming each one that does not hold
   */
  public static void check(Ledger ledger, Collection<AccountId> accounts) {
    List<String> broken = broken(ledger, accounts);
    if (!broken.isEmpty()) {
      throw new AssertionError("broken invariants:\n  " + String.join("\n  ", broken));
    }
  }

  /** The invariants of some accounts that do not hold, in words; empty if all is well. */
  public static List<String> broken(Ledger ledger, Collection<AccountId> accounts) {
    List<String> broken = new ArrayList<>();
    for (AccountId id : accounts) {
      broken.addAll(new Invariants(ledger, id).all());
    }
    return broken;
  }

  private List<String> all() {
    chain();
    history.forEach(this::transaction);
    new HoldInvariants(ledger, account, history, broken).check();
    new LotInvariants(account, ledger.lots(account.id()), history, broken).check();
    return broken.stream().map(message -> account.id() + ": " + message).toList();
  }

  /** The numbers, running balances, times and hashes are one unbroken chain up to the account. */
  private void chain() {
    long seq = 0;
    Balance balance = Balance.ZERO;
    Hash head = Hash.START;
    Instant last = Instant.EPOCH;
    long net = 0;
    for (Transaction t : history) {
      seq++;
      balance = balance.plus(t.change());
      net += t.change().net();
      require(t.seq() == seq, t, "seq has a gap: should be " + seq);
      require(t.balance().equals(balance), t, "running balance broken: should be " + balance);
      require(!t.createdAt().isBefore(last), t, "created before its predecessor");
      require(
          t.createdAt().equals(t.createdAt().truncatedTo(ChronoUnit.MICROS)),
          t,
          "finer than a microsecond");
      require(t.hash().equals(HashChain.link(head, t)), t, "hash does not recompute");
      head = t.hash();
      last = t.createdAt();
    }
    require(account.seq() == seq, null, "account.seq is not that of the newest transaction");
    require(account.balance().equals(balance), null, "balance is not the newest: " + balance);
    require(account.balance().net() == net, null, "entries sum to " + net);
    require(account.head().equals(head), null, "head is not the newest hash");
    require(account.lastAt().equals(last), null, "last_at is not the newest time");
  }

  private void transaction(Transaction t) {
    Balance b = t.balance();
    require(b.available() >= 0 && b.held() >= 0, t, "negative balance");
    require(b.pending() >= 0 && b.debt() >= 0, t, "negative balance");
    require(b.total() <= Limits.BALANCE_MAX && b.debt() <= Limits.BALANCE_MAX, t, "over the limit");
    require(t.account().equals(account.id()), t, "another account's");
    require(t.change().net() + t.counterChange() == 0, t, "entries do not sum to zero");
    require(t.counter().equals(counterOf(t)), t, "the other side should be " + counterOf(t));
    boolean nothingFound = t.request().policy() == ReversePolicy.WITHIN_BALANCE;
    require(t.amount() >= (nothingFound ? 0 : 1), t, "amount is too small");
    require(movesAsItsVerbSays(t), t, "change is not one of its verb");
    require(Ids.bucketOf(t.id()) == account.id().bucket(), t, "id has another bucket");
    if (t.seq() <= ASKED_ONE_BY_ONE || t.seq() % ASKED_ONE_BY_ONE == 0) {
      require(t.equals(ledger.recorded(t.key())), t, "is not what its key remembers");
    }
    require((t.approval() != null) == (t.type() == Verb.ADJUST), t, "approval");
    if (t.approval() != null) {
      require(!t.approval().maker().equals(t.approval().checker()), t, "maker is checker");
    }
    refersTo(t);
    require(earlier.put(t.id(), t) == null, t, "id occurs twice");
  }

  private String counterOf(Transaction t) {
    Transaction first = t.refersTo() == null ? null : earlier.get(t.refersTo());
    return switch (t.type()) {
      case CREDIT -> "issued:" + t.key().source();
      case DEBIT, CAPTURE -> "spent:" + t.key().source();
      case REFUND, REVERSE -> first == null ? "the earlier one's" : first.counter();
      case EXPIRE_LOT -> "expired";
      case ADJUST -> "adjusted";
      case HOLD, RELEASE, EXPIRE_HOLD, ACTIVATE -> account.id().name();
    };
  }

  private static boolean movesAsItsVerbSays(Transaction t) {
    Balance c = t.change();
    long a = t.amount();
    Long asked = t.request().amount();
    boolean asAsked = asked == null || asked == a;
    return switch (t.type()) {
      case CREDIT ->
          asAsked && c.held() == 0 && c.net() == a && c.debt() <= 0 && repays(t, c.available(), a);
      case DEBIT -> asAsked && c.equals(new Balance(-a, 0, 0, 0));
      case HOLD -> asAsked && c.equals(new Balance(-a, a, 0, 0));
      case CAPTURE ->
          asAsked && c.available() >= 0 && c.equals(new Balance(-c.held() - a, c.held(), 0, 0));
      case RELEASE, EXPIRE_HOLD -> c.equals(new Balance(a, -a, 0, 0));
      case REFUND -> asAsked && c.equals(new Balance(a, 0, 0, 0));
      case REVERSE ->
          c.net() == -a && c.debt() >= 0 && c.held() == 0 && c.available() <= 0 && c.pending() <= 0;
      case ACTIVATE ->
          c.pending() == -a && c.net() == 0 && c.held() == 0 && repays(t, c.available(), a);
      case EXPIRE_LOT -> c.equals(new Balance(-a, 0, 0, 0));
      case ADJUST ->
          asked != null
              && Math.abs(asked) == a
              && c.net() == asked
              && c.held() == 0
              && c.pending() == 0
              && (asked < 0 ? c.debt() == 0 : repays(t, c.available(), a));
    };
  }

  /** Points that become available repay the debt first, as far as it goes and they do. */
  private static boolean repays(Transaction t, long available, long amount) {
    if (t.type() == Verb.CREDIT && t.change().pending() > 0) {
      return t.change().equals(new Balance(0, 0, amount, 0));
    }
    long owed = t.balance().debt() - t.change().debt();
    return -t.change().debt() == Math.min(owed, amount) && available == amount + t.change().debt();
  }

  private void refersTo(Transaction t) {
    boolean must =
        switch (t.type()) {
          case REFUND, REVERSE, ACTIVATE, EXPIRE_LOT -> true;
          case CREDIT, DEBIT, HOLD, CAPTURE, RELEASE, EXPIRE_HOLD, ADJUST -> false;
        };
    require((t.refersTo() != null) == must, t, "refers to " + t.refersTo());
    if (t.refersTo() == null) {
      return;
    }
    Transaction first = earlier.get(t.refersTo());
    if (first == null) {
      broken.add(about(t) + "refers to nothing earlier");
      return;
    }
    boolean charge = first.type() == Verb.DEBIT || first.type() == Verb.CAPTURE;
    require(t.type() == Verb.REFUND ? charge : first.type() == Verb.CREDIT, t, "refers wrongly");
    boolean own = t.key().source().equals(ExternalKey.SERVICE);
    require(own || t.key().source().equals(first.key().source()), t, "another source's");
    if (t.type() == Verb.REFUND || t.type() == Verb.REVERSE) {
      long sum = givenBack.merge(first.id(), t.amount(), Long::sum);
      require(sum <= first.amount(), t, sum + " of " + first.amount() + " given back");
    }
  }

  private void require(boolean holds, @Nullable Transaction about, String message) {
    if (!holds) {
      broken.add(about(about) + message);
    }
  }

  static String about(@Nullable Transaction t) {
    return t == null
        ? ""
        : "#%d %s %d %s → %s: "
            .formatted(t.seq(), t.type().wire(), t.amount(), t.change(), t.balance());
  }
}
