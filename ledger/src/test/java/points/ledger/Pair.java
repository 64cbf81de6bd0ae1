package points.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Two ledgers that should be the same: whatever is asked is asked of both, and their answers are
 * compared. Looks from outside like the first.
 */
final class Pair implements Ledger {
  private final Ledger model;
  private final Ledger subject;
  private final List<AccountId> accounts;
  private final Set<ExternalKey> keys = new HashSet<>();
  private final Set<UUID> holds = new HashSet<>();
  private final Correspondence ids = new Correspondence();

  Pair(Ledger model, Ledger subject, List<AccountId> accounts) {
    this.model = model;
    this.subject = subject;
    this.accounts = accounts;
  }

  @Override
  public List<Outcome> execute(List<Command> commands) {
    List<Outcome> expected = model.execute(commands);
    List<Outcome> found = subject.execute(commands.stream().map(ids::toSubject).toList());
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < commands.size(); i++) {
      if (expected.get(i) instanceof Outcome.Posted(Transaction a)
          && found.get(i) instanceof Outcome.Posted(Transaction b)) {
        ids.learn(a.id(), b.id());
        if (a.type() == Verb.HOLD) {
          holds.add(a.id());
        }
      }
      keys.add(commands.get(i).key());
    }
    for (int i = 0; i < commands.size(); i++) {
      assertThat(ids.toModel(found.get(i)))
          .as("%s, number %d of %d", commands.get(i), i + 1, commands.size())
          .isEqualTo(Correspondence.withoutHash(expected.get(i)));
    }
    commands.forEach(this::compareRecalled);
    return expected;
  }

  /** What the subject has at hand is what the model would say to a repeat. */
  private void compareRecalled(Command command) {
    Outcome recalled = subject.recall(ids.toSubject(command));
    if (recalled != null) {
      Outcome repeated =
          Outcome.ofRepeat(command, Objects.requireNonNull(model.recorded(command.key())));
      assertThat(ids.toModel(recalled))
          .as("%s, recalled", command)
          .isEqualTo(Correspondence.withoutHash(repeated));
    }
  }

  /** Compares all that the ledgers keep. */
  void compareStates() {
    for (AccountId id : accounts) {
      assertThat(withoutHead(subject.account(id))).isEqualTo(withoutHead(model.account(id)));
      compareHistories(id);
      assertThat(subject.lots(id).stream().map(ids::toModel).toList()).isEqualTo(model.lots(id));
    }
    for (UUID hold : holds) {
      Hold found = subject.hold(ids.toSubject(hold));
      assertThat(found == null ? null : ids.toModel(found)).isEqualTo(model.hold(hold));
    }
    for (ExternalKey key : keys) {
      Recorded expected = model.recorded(key);
      Recorded found = subject.recorded(ids.toSubject(key));
      assertThat(found == null ? null : ids.toModel(found))
          .isEqualTo(expected == null ? null : Correspondence.withoutHash(expected));
    }
  }

  private void compareHistories(AccountId id) {
    List<Transaction> expected = model.history(id);
    List<Transaction> found = subject.history(id);
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      // Expiries that came with another operation were in no outcome.
      ids.learn(expected.get(i).id(), found.get(i).id());
      assertThat(ids.toModel(found.get(i))).isEqualTo(Correspondence.withoutHash(expected.get(i)));
    }
  }

  private static Account withoutHead(Account a) {
    return new Account(
        a.id(), a.seq(), a.balance(), a.expiring(), Hash.START, a.lastAt(), a.frozen());
  }

  @Override
  public Account account(AccountId id) {
    Account account = model.account(id);
    assertThat(withoutHead(subject.account(id))).isEqualTo(withoutHead(account));
    return account;
  }

  @Override
  public List<Command> due(int limit) {
    List<Command> expected = new ArrayList<>(model.due(limit));
    List<Command> found = new ArrayList<>(subject.due(limit).stream().map(ids::toModel).toList());
    Comparator<Command> order = Comparator.comparing(command -> command.key().externalId());
    expected.sort(order);
    found.sort(order);
    assertThat(found).as("what is due").isEqualTo(expected);
    return expected;
  }

  @Override
  public void freeze(AccountId id, boolean frozen) {
    model.freeze(id, frozen);
    subject.freeze(id, frozen);
  }

  @Override
  public @Nullable Hold hold(UUID id) {
    return model.hold(id);
  }

  @Override
  public List<Lot> lots(AccountId id) {
    return model.lots(id);
  }

  @Override
  public List<Transaction> history(AccountId id) {
    return model.history(id);
  }

  @Override
  public @Nullable Recorded recorded(ExternalKey key) {
    return model.recorded(key);
  }
}
