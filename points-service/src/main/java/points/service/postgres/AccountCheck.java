package points.service.postgres;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import points.ledger.Account;
import points.ledger.AccountId;
import points.ledger.HashChain;
import points.ledger.Transaction;

/**
 * Recomputes accounts from their transactions, given account by account in the order of their
 * numbers, and compares the end with what the account table says.
 */
final class AccountCheck {
  private final List<Verifier.Finding> findings;
  private final Map<AccountId, Account> expected = new HashMap<>();
  private @Nullable Account current;

  AccountCheck(List<Verifier.Finding> findings) {
    this.findings = findings;
  }

  /** An account as the account table has it. */
  void expect(Account account) {
    expected.put(account.id(), account);
  }

  /** The next transaction. */
  void next(Transaction t) {
    Account before = current;
    if (before == null || !before.id().equals(t.account())) {
      finish();
      before = Account.empty(t.account());
    }
    check(before, t);
    current = new Account(t.account(), t.seq(), t.balance(), 0, t.hash(), t.createdAt(), false);
  }

  private void check(Account before, Transaction t) {
    if (t.seq() != before.seq() + 1) {
      report(t.account(), "seq is gapless", "after " + before.seq() + " comes " + t.seq());
    }
    if (!before.balance().plus(t.change()).equals(t.balance())) {
      report(t.account(), "the running balance is unbroken", "at seq " + t.seq());
    }
    if (t.change().net() + t.counterChange() != 0) {
      report(t.account(), "entries sum to zero", "at seq " + t.seq());
    }
    if (t.createdAt().isBefore(before.lastAt())) {
      report(t.account(), "time never runs backwards", "at seq " + t.seq());
    }
    if (!HashChain.link(before.head(), t).equals(t.hash())) {
      report(t.account(), "the hash chain recomputes", "breaks at seq " + t.seq());
    }
  }

  /** After the last transaction. */
  void end() {
    finish();
    expected.keySet().forEach(id -> report(id, "an account has a history", "it has none"));
  }

  private void finish() {
    Account computed = current;
    current = null;
    if (computed == null) {
      return;
    }
    Account stored = expected.remove(computed.id());
    if (stored == null) {
      report(computed.id(), "a history has an account", "it has none");
    } else if (!stored.balance().equals(computed.balance())) {
      report(
          computed.id(),
          "the balance = the sum of its entries",
          "stored " + stored.balance() + ", computed " + computed.balance());
    } else if (stored.seq() != computed.seq() || !stored.head().equals(computed.head())) {
      report(computed.id(), "the account ends with its newest transaction", "it does not");
    }
  }

  private void report(AccountId account, String invariant, String detail) {
    findings.add(new Verifier.Finding(account.name(), invariant, detail));
  }
}
