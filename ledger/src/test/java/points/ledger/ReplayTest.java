package points.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A true history replays; one in which a single thing is wrong does not. */
final class ReplayTest {
  private static final AccountId ACCOUNT = new AccountId("user:replay");

  private final SettableClock clock = new SettableClock();
  private final InMemoryLedger ledger =
      new InMemoryLedger(clock, new Ids(new Random(7)), Limits.NONE);
  private final Set<ExternalKey> refused = new HashSet<>();
  private int serial;

  private @Nullable UUID execute(Operation operation) {
    clock.advance(Duration.ofSeconds(10));
    ExternalKey key = new ExternalKey("quest", "replay-" + serial++);
    Outcome outcome =
        ledger.execute(List.of(new Command(key, operation, "test", null, null))).getFirst();
    if (outcome instanceof Outcome.Refused) {
      refused.add(key);
    }
    return outcome instanceof Outcome.Posted(Transaction t) ? t.id() : null;
  }

  private UUID posted(Operation operation) {
    return Objects.requireNonNull(execute(operation));
  }

  private void live() {
    execute(new Operation.Credit(ACCOUNT, 100, clock.instant().plusSeconds(10_000), null));
    execute(new Operation.Credit(ACCOUNT, 50, null, null));
    execute(new Operation.Debit(ACCOUNT, 500));
    UUID hold = posted(new Operation.PlaceHold(ACCOUNT, 40, 600));
    UUID capture = posted(new Operation.Capture(hold, 10L, false));
    execute(new Operation.Release(hold));
    execute(new Operation.Release(hold));
    execute(new Operation.Refund(capture, 4L));
    execute(new Operation.Refund(capture, 40L));
    execute(new Operation.PlaceHold(ACCOUNT, 20, 60));
    clock.advance(Duration.ofDays(1));
    ledger.execute(ledger.due(10));
    assertThat(refused).hasSize(3);
  }

  private List<String> differences(Ledger subject) {
    return Replay.of(subject, List.of(ACCOUNT), refused).differences();
  }

  @Test
  void aTrueHistoryReplays() {
    live();
    Replay.Result result = Replay.of(ledger, List.of(ACCOUNT), refused);
    assertThat(result.differences()).isEmpty();
    assertThat(result.steps()).isEqualTo(ledger.history(ACCOUNT).size() + 3L);
  }

  @Test
  void aTransactionThatCouldNotBeIsFound() {
    live();
    // Without its credit of 50 the account could not have held what it did.
    assertThat(differences(new Changed(ledger, 1, null))).isNotEmpty();
    assertThat(differences(new Changed(ledger, 3, null))).isNotEmpty();
  }

  @Test
  void aBalanceThatIsNotTheSumIsFound() {
    live();
    Account account = ledger.account(ACCOUNT);
    Account richer =
        new Account(
            account.id(),
            account.seq(),
            account.balance().plus(new Balance(1, 0, 0, 0)),
            account.expiring(),
            account.head(),
            account.lastAt(),
            false);
    assertThat(differences(new Changed(ledger, -1, richer))).isNotEmpty();
  }

  @Test
  void aRefusalWithoutReasonIsFound() {
    live();
    assertThat(refused).isNotEmpty();
    ExternalKey made = new ExternalKey("quest", "replay-1"); // a credit that was posted
    refused.add(made);
    assertThat(differences(ledger)).isNotEmpty();
  }

  /** The ledger, but for one transaction that it has forgotten or an account that is another. */
  private record Changed(Ledger real, int forgotten, @Nullable Account account) implements Ledger {
    @Override
    public List<Outcome> execute(List<Command> commands) {
      return real.execute(commands);
    }

    @Override
    public Account account(AccountId id) {
      return account == null ? real.account(id) : account;
    }

    @Override
    public @Nullable Hold hold(UUID id) {
      return real.hold(id);
    }

    @Override
    public List<Lot> lots(AccountId id) {
      return real.lots(id);
    }

    @Override
    public List<Transaction> history(AccountId id) {
      List<Transaction> all = new ArrayList<>(real.history(id));
      if (forgotten >= 0) {
        all.remove(forgotten);
      }
      return all;
    }

    @Override
    public @Nullable Recorded recorded(ExternalKey key) {
      return real.recorded(key);
    }

    @Override
    public List<Command> due(int limit) {
      return real.due(limit);
    }

    @Override
    public void freeze(AccountId id, boolean frozen) {
      real.freeze(id, frozen);
    }
  }
}
