package points.service.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import points.ledger.AccountId;
import points.ledger.Command;
import points.ledger.ExternalKey;
import points.ledger.Hash;
import points.ledger.HashChain;
import points.ledger.Limits;
import points.ledger.Operation;
import points.ledger.Outcome;
import points.ledger.Transaction;

/**
 * Invariants that corruption of a single row does not show: they are broken here as a bug would.
 */
class VerifierTest {
  private static final AccountId USER = new AccountId("user:1");

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private final TestLedgers.Opened opened = TestLedgers.newLedger(now::get, Limits.NONE);

  @AfterEach
  void close() {
    opened.connections().close();
  }

  private UUID post(String source, String id, Operation operation) {
    Command command = new Command(new ExternalKey(source, id), operation, "test", null, null);
    Outcome outcome = opened.ledger().execute(List.of(command)).getFirst();
    assertThat(outcome).isInstanceOf(Outcome.Posted.class);
    return ((Outcome.Posted) outcome).transaction().id();
  }

  private List<String> broken() throws Exception {
    return new Verifier(opened.connections())
        .pass((accounts, transactions) -> {}, Verifier.Pace.FULL).findings().stream()
            .map(Verifier.Finding::invariant)
            .toList();
  }

  @Test
  void afterEveryStepItIsAskedAnewHowLongToRest() throws Exception {
    for (int i = 0; i < 5; i++) {
      post("connect", "c" + i, new Operation.Credit(new AccountId("user:" + i), 1, null, null));
    }
    AtomicInteger asked = new AtomicInteger();
    Verifier.Pace pace = new Verifier.Pace(1, asked::incrementAndGet);
    AtomicInteger steps = new AtomicInteger();
    new Verifier(opened.connections())
        .pass((accounts, transactions) -> steps.incrementAndGet(), pace);
    assertThat(steps).hasValue(5);
    assertThat(asked).hasValueGreaterThan(5);
  }

  @Test
  void gentlyItRestsLongerWhileOthersWait() {
    AtomicBoolean waiting = new AtomicBoolean();
    Verifier.Pace pace = Verifier.Pace.gentle(waiting::get);
    double idle = pace.rest().getAsDouble();
    waiting.set(true);
    assertThat(pace.rest().getAsDouble()).isGreaterThan(idle);
  }

  @Test
  void aHoldThatNobodyHasExpiredIsFoundAfterFiveMinutes() throws Exception {
    now.set(Instant.now().minus(Duration.ofMinutes(4)));
    post("connect", "c1", new Operation.Credit(USER, 100, null, null));
    post("quest", "h1", new Operation.PlaceHold(USER, 10, 1));
    assertThat(broken()).isEmpty();
    AccountId other = new AccountId("user:2");
    now.set(Instant.now().minus(Duration.ofMinutes(6)));
    post("connect", "c2", new Operation.Credit(other, 100, null, null));
    post("quest", "h2", new Operation.PlaceHold(other, 10, 1));
    assertThat(broken())
        .containsExactly("no hold stays active for more than 5 minutes past its expiry");
    opened.ledger().freeze(other, true);
    assertThat(broken()).as("the holds of a frozen account wait").isEmpty();
  }

  @Test
  void aChargeThatWasRefundedTwiceIsFoundThoughEveryHashIsRight() throws Exception {
    post("connect", "c1", new Operation.Credit(USER, 100, null, null));
    UUID charge = post("quest", "d1", new Operation.Debit(USER, 10));
    UUID other = post("quest", "d2", new Operation.Debit(USER, 10));
    post("quest", "f1", new Operation.Refund(charge, 6L));
    post("quest", "f2", new Operation.Refund(other, 4L));
    referTo(charge);
    assertThat(broken()).as("all of it was refunded, and no more").isEmpty();
    post("quest", "f3", new Operation.Refund(other, 1L));
    referTo(charge);
    assertThat(broken())
        .containsExactly("refunds never exceed the charge, reversals never the credit");
  }

  /** Lets the newest transaction refer to another charge, as if it had been posted so. */
  private void referTo(UUID charge) throws Exception {
    List<Transaction> history = opened.ledger().history(USER);
    Transaction t = history.getLast();
    Transaction forged =
        new Transaction(
            t.id(),
            t.account(),
            t.seq(),
            t.key(),
            t.request(),
            t.amount(),
            t.change(),
            t.balance(),
            t.counter(),
            t.counterChange(),
            t.hold(),
            charge,
            t.moves(),
            t.approval(),
            t.reason(),
            t.metadata(),
            t.createdAt(),
            Hash.START);
    Hash hash = HashChain.link(history.get(history.size() - 2).hash(), forged);
    try (Connection connection = opened.connections().getConnection();
        Statement past = connection.createStatement();
        PreparedStatement update =
            connection.prepareStatement(
                "WITH posted AS (UPDATE transaction SET refers_to = ?, hash = ?"
                    + " WHERE transaction_id = ? RETURNING account, hash)"
                    + " UPDATE account a SET head = p.hash FROM posted p"
                    + " WHERE a.account = p.account")) {
      past.execute("SET session_replication_role = replica"); // past the triggers
      update.setObject(1, charge);
      update.setBytes(2, hash.bytes());
      update.setObject(3, t.id());
      assertThat(update.executeUpdate()).isEqualTo(1);
      past.execute("RESET session_replication_role");
    }
  }
}
