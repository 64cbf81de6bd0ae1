package points.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A ledger that remembers which accounts and keys it was asked about and what it answered, so that
 * {@link #check} can hold it to every promise afterwards. Thread-safe.
 */
public final class WatchedLedger implements Ledger {
  private final Ledger ledger;
  private final Set<AccountId> accounts = new TreeSet<>();
  private final Map<ExternalKey, Recorded> answers = new HashMap<>();
  private final Set<ExternalKey> posted = new HashSet<>();
  private final List<String> broken = new ArrayList<>();

  /** Watches {@code ledger}. */
  public WatchedLedger(Ledger ledger) {
    this.ledger = ledger;
  }

  /** The accounts that were touched so far. */
  public synchronized Set<AccountId> accounts() {
    return Set.copyOf(accounts);
  }

  /** Checks every {@link Invariants invariant}, and that the ledger still says what it said. */
  public synchronized void check() {
    List<String> all = new ArrayList<>(broken);
    answers.forEach(
        (key, answer) -> {
          if (!answer.equals(ledger.recorded(key))) {
            all.add("answered " + answer + " but keeps " + ledger.recorded(key));
          }
        });
    all.addAll(Invariants.broken(ledger, accounts));
    if (!all.isEmpty()) {
      throw new AssertionError("broken invariants:\n  " + String.join("\n  ", all));
    }
  }

  @Override
  public List<Outcome> execute(List<Command> commands) {
    List<Outcome> outcomes = ledger.execute(commands);
    if (outcomes.size() != commands.size()) {
      throw new AssertionError(commands.size() + " commands, " + outcomes.size() + " outcomes");
    }
    for (int i = 0; i < outcomes.size(); i++) {
      note(commands.get(i), outcomes.get(i));
    }
    return outcomes;
  }

  private synchronized void note(Command command, Outcome outcome) {
    if (command.operation() instanceof Operation.OnAccount named) {
      accounts.add(named.account());
    }
    switch (outcome) {
      case Outcome.Posted(Transaction transaction) -> {
        if (!posted.add(command.key())) {
          broken.add("posted twice: " + command.key());
        }
        answered(command, transaction);
      }
      case Outcome.Replayed(Transaction transaction) -> answered(command, transaction);
      case Outcome.Refused(Refusal refusal, boolean replay) -> answered(command, refusal);
      case Outcome.Conflicting conflict -> {}
      case Outcome.HoldNotFound missing -> {}
      case Outcome.TransactionNotFound missing -> {}
      case Outcome.NotOwner other -> {}
      case Outcome.Invalid invalid -> {}
      case Outcome.NothingDue nothing -> {}
    }
  }

  private void answered(Command command, Recorded answer) {
    accounts.add(
        switch (answer) {
          case Transaction transaction -> transaction.account();
          case Refusal refusal -> refusal.account();
        });
    if (!answer.key().equals(command.key())) {
      broken.add("asked under " + command.key() + ", answered under " + answer.key());
    }
    Recorded before = answers.putIfAbsent(answer.key(), answer);
    if (before != null && !before.equals(answer)) {
      broken.add("two answers under one key: " + before + " and " + answer);
    }
  }

  @Override
  public Account account(AccountId id) {
    return ledger.account(id);
  }

  @Override
  public @Nullable Hold hold(UUID id) {
    return ledger.hold(id);
  }

  @Override
  public List<Lot> lots(AccountId id) {
    return ledger.lots(id);
  }

  @Override
  public List<Transaction> history(AccountId id) {
    return ledger.history(id);
  }

  @Override
  public @Nullable Recorded recorded(ExternalKey key) {
    return ledger.recorded(key);
  }

  @Override
  public List<Command> due(int limit) {
    return ledger.due(limit);
  }

  @Override
  public void freeze(AccountId id, boolean frozen) {
    ledger.freeze(id, frozen);
  }
}
