package points.service.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import points.ledger.AccountId;
import points.ledger.Command;
import points.ledger.ExternalKey;
import points.ledger.Ledger;
import points.ledger.Limits;
import points.ledger.Operation;
import points.ledger.Outcome;
import points.ledger.SettableClock;

/** Repeats of what this process knows, and of what only the database knows. */
class RepeatsTest {
  private static final AccountId ACCOUNT = new AccountId("user:1");

  private final SettableClock clock = new SettableClock();
  private final TestLedgers.Opened opened = TestLedgers.newLedger(clock, Limits.NONE);
  private final Ledger ledger = ledger();

  /** A ledger that has seen its database takes what it does not know for new. */
  @BeforeEach
  void see() {
    AccountId another = new AccountId("user:2");
    execute(ledger, command("connect", "c0", new Operation.Credit(another, 1, null, null)));
  }

  @AfterEach
  void close() {
    opened.connections().close();
  }

  private Ledger ledger() {
    return TestLedgers.ledger(
        opened.connections(), LedgerClock.of(clock), Limits.NONE, TestLedgers.RECENT_BYTES);
  }

  @Test
  void whatIsAtHandNeedsNoDatabase() {
    Outcome.Posted posted = (Outcome.Posted) execute(ledger, credit("c1", 10));
    Outcome.Refused refused = (Outcome.Refused) execute(ledger, debit("d1", 11));
    opened.connections().close();
    assertThat(ledger.recall(credit("c1", 10)))
        .isEqualTo(new Outcome.Replayed(posted.transaction()));
    assertThat(ledger.recall(debit("d1", 11)))
        .isEqualTo(new Outcome.Refused(refused.refusal(), true));
    assertThat(ledger.recall(credit("c2", 10))).isNull();
    assertThat(ledger.execute(List.of(debit("d1", 11), credit("c1", 10))))
        .containsExactly(
            new Outcome.Refused(refused.refusal(), true),
            new Outcome.Replayed(posted.transaction()));
  }

  /** This process takes them for new, and the register tells it better. */
  @Test
  void whatAnotherProcessDidIsFoundAmongWhatIsNew() {
    Ledger other = ledger();
    Outcome.Posted posted = (Outcome.Posted) execute(other, credit("c1", 10));
    Outcome.Refused refused = (Outcome.Refused) execute(other, debit("d1", 11));
    List<Outcome> outcomes =
        ledger.execute(
            List.of(credit("c2", 1), credit("c1", 10), debit("d1", 11), credit("c1", 9)));
    assertThat(outcomes.getFirst()).isInstanceOf(Outcome.Posted.class);
    assertThat(outcomes.subList(1, 4))
        .containsExactly(
            new Outcome.Replayed(posted.transaction()),
            new Outcome.Refused(refused.refusal(), true),
            new Outcome.Conflicting(List.of("amount"), posted.transaction().id()));
    assertThat(ledger.account(ACCOUNT).balance().available()).isEqualTo(11);
    assertThat(ledger.history(ACCOUNT)).hasSize(2);
    assertThat(ledger.recall(credit("c1", 10))).isNotNull();
  }

  /** Nothing would be registered for what such a command is told if it is new. */
  @Test
  void aRepeatThatHasBecomeImpossibleIsStillARepeat() {
    Instant soon = clock.instant().plusSeconds(60);
    Command expiring = command("connect", "c1", new Operation.Credit(ACCOUNT, 10, soon, null));
    Outcome.Posted posted = (Outcome.Posted) execute(ledger(), expiring);
    clock.advance(Duration.ofHours(1));
    assertThat(execute(ledger, expiring)).isEqualTo(new Outcome.Replayed(posted.transaction()));
    Command late = command("connect", "c2", new Operation.Credit(ACCOUNT, 10, soon, null));
    assertThat(execute(ledger, late)).isInstanceOf(Outcome.Invalid.class);
  }

  /** Nobody has noticed anything while nothing was asked: only the connection is another. */
  @Test
  void behindANewConnectionTheDatabaseIsAsked() {
    Outcome.Posted posted = (Outcome.Posted) execute(ledger, credit("c1", 10));
    opened.connections().getHikariPoolMXBean().softEvictConnections();
    assertThat(execute(ledger, credit("c2", 1))).isInstanceOf(Outcome.Posted.class);
    assertThat(ledger.recall(credit("c2", 1))).isNotNull();
    assertThat(ledger.recall(credit("c1", 10))).isNull();
    assertThat(execute(ledger, credit("c1", 10)))
        .isEqualTo(new Outcome.Replayed(posted.transaction()));
  }

  @Test
  void whereNothingHappensTheDatabaseIsAsked() {
    Ledger idle =
        TestLedgers.ledger(
            opened.connections(),
            LedgerClock.of(clock),
            Limits.NONE,
            TestLedgers.RECENT_BYTES,
            Duration.ZERO);
    Outcome.Posted posted = (Outcome.Posted) execute(idle, credit("c1", 10));
    assertThat(idle.recall(credit("c1", 10))).isNull();
    assertThat(execute(idle, credit("c1", 10)))
        .isEqualTo(new Outcome.Replayed(posted.transaction()));
  }

  /** What comes back after an outage may be a standby that has not got everything. */
  @Test
  void afterAnOutageTheDatabaseIsAsked() throws Exception {
    Outcome.Posted posted = (Outcome.Posted) execute(ledger, credit("c1", 10));
    try (Connection other = opened.connections().getDataSource().getConnection();
        Statement statement = other.createStatement()) {
      statement.execute(
          "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
              + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
    }
    assertThat(execute(ledger, credit("c3", 1))).isInstanceOf(Outcome.Posted.class);
    assertThat(ledger.recall(credit("c3", 1))).isNotNull();
    assertThat(ledger.recall(credit("c1", 10))).isNull();
    assertThat(execute(ledger, credit("c1", 10)))
        .isEqualTo(new Outcome.Replayed(posted.transaction()));
  }

  private static Outcome execute(Ledger on, Command command) {
    return on.execute(List.of(command)).getFirst();
  }

  private static Command credit(String id, long amount) {
    return command("connect", id, new Operation.Credit(ACCOUNT, amount, null, null));
  }

  private static Command debit(String id, long amount) {
    return command("quest", id, new Operation.Debit(ACCOUNT, amount));
  }

  private static Command command(String source, String id, Operation operation) {
    return new Command(new ExternalKey(source, id), operation, "test", null, "request");
  }
}
