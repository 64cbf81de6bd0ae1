package points.service.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import points.ledger.AccountId;
import points.ledger.Command;
import points.ledger.ExternalKey;
import points.ledger.HoldStatus;
import points.ledger.Ledger;
import points.ledger.Limits;
import points.ledger.Operation;
import points.ledger.Outcome;
import points.ledger.Refusal;
import points.ledger.Transaction;

/** Writers that meet in the database: held up at the very place where it matters. */
class TwoWritersTest {
  private static final AccountId FIRST = new AccountId("user:a");
  private static final AccountId LAST = new AccountId("user:z");

  private final TestLedgers.Opened opened =
      TestLedgers.newLedger(InstantSource.system(), Limits.NONE);
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    threads.shutdownNow();
    opened.connections().close();
  }

  /** Else two batches that share accounts could wait for each other. */
  @Test
  void accountsAreLockedInTheOrderOfTheirNames() throws Exception {
    execute(credit("c1", FIRST), credit("c2", LAST));
    assertLockedInOrder(credit("c3", LAST), credit("c4", FIRST));
  }

  @Test
  void soAreTheAccountsOfHolds() throws Exception {
    List<Outcome> placed =
        execute(credit("c1", FIRST), credit("c2", LAST), hold("h1", LAST), hold("h2", FIRST));
    assertLockedInOrder(capture("k1", posted(placed.get(2))), capture("k2", posted(placed.get(3))));
  }

  /** What was read is no longer so when it is to be written: nothing of it may be. */
  @Test
  void aBatchWhoseAccountMovesOnMeanwhileIsDecidedAnew() throws Exception {
    execute(credit("c1", FIRST), credit("c2", LAST));
    try (Connection other = opened.connections().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("UPDATE account SET frozen = true WHERE account = 'user:z'");
      Future<List<Outcome>> batch =
          threads.submit(() -> execute(debit("d1", FIRST), debit("d2", LAST)));
      awaitWaiting(1);
      other.commit();
      List<Outcome> outcomes = batch.get(20, TimeUnit.SECONDS);
      assertThat(outcomes.get(0)).isInstanceOf(Outcome.Posted.class);
      assertThat(outcomes.get(1)).isInstanceOf(Outcome.Refused.class);
    }
    assertThat(opened.ledger().account(FIRST).balance().available()).isEqualTo(5);
    assertThat(opened.ledger().account(LAST).balance().available()).isEqualTo(10);
    opened.ledger().freeze(LAST, false);
    // Others were met: for a while accounts are locked before they are read, in the same order.
    assertLockedInOrder(credit("c3", LAST), credit("c4", FIRST));
  }

  /** Else one caller could be told that a hold has expired, and another captures it after that. */
  @Test
  void aRefusalTooIsDecidedAnewIfItsAccountMovesOn() throws Exception {
    execute(credit("c1", FIRST));
    try (Connection other = opened.connections().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("UPDATE account SET frozen = true WHERE account = 'user:a'");
      Future<List<Outcome>> batch = threads.submit(() -> execute(debit("d1", FIRST, 1_000)));
      awaitWaiting(1);
      other.commit();
      Outcome.Refused refused = (Outcome.Refused) batch.get(20, TimeUnit.SECONDS).getFirst();
      assertThat(refused.refusal().code()).isEqualTo(Refusal.Code.ACCOUNT_FROZEN);
    }
  }

  /** And whoever posts after it has to know of it. */
  @Test
  void aPostingIsDecidedAnewIfSomethingWasRefusedOnItsAccountMeanwhile() throws Exception {
    execute(credit("c1", FIRST));
    String before = place();
    execute(debit("d1", FIRST, 1_000));
    assertThat(place()).as("the row was written").isNotEqualTo(before);
  }

  /**
   * One's clock is ahead of the other's: what the one has told to be over, the other does not end.
   */
  @Test
  void twoWhoseClocksDifferAgreeOnWhetherAHoldHasExpired() {
    execute(credit("c1", FIRST));
    Transaction hold = ((Outcome.Posted) execute(hold("h1", FIRST)).getFirst()).transaction();
    Instant expiry = Objects.requireNonNull(hold.hold()).expiresAt();
    AtomicReference<Instant> common = new AtomicReference<>(expiry.minusMillis(1));
    Ledger ahead = ledger(expiry.plusMillis(30), common);
    Ledger behind = ledger(expiry.minusMillis(30), common);
    assertThat(ahead.execute(List.of(captureOne("k1", hold.id()))).getFirst())
        .isInstanceOf(Outcome.Posted.class);
    common.set(expiry);
    assertExpired(ahead.execute(List.of(captureOne("k2", hold.id()))).getFirst());
    assertExpired(behind.execute(List.of(captureOne("k3", hold.id()))).getFirst());
  }

  /** And points that the one has refused to spend as expired, the other does not spend. */
  @Test
  void theyAgreeOnWhetherPointsHaveExpired() {
    Instant expiry = Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.MICROS);
    execute(command("connect", "c1", new Operation.Credit(FIRST, 10, expiry, null)));
    AtomicReference<Instant> common = new AtomicReference<>(expiry.minusMillis(1));
    Ledger ahead = ledger(expiry.plusMillis(30), common);
    Ledger behind = ledger(expiry.minusMillis(30), common);
    assertThat(ahead.execute(List.of(debit("d1", FIRST))).getFirst())
        .isInstanceOf(Outcome.Posted.class);
    common.set(expiry);
    assertTooLittle(ahead.execute(List.of(debit("d2", FIRST))).getFirst());
    assertTooLittle(behind.execute(List.of(debit("d3", FIRST))).getFirst());
  }

  private static void assertTooLittle(Outcome outcome) {
    assertThat(((Outcome.Refused) outcome).refusal().code())
        .isEqualTo(Refusal.Code.INSUFFICIENT_POINTS);
  }

  private Ledger ledger(Instant own, AtomicReference<Instant> common) {
    LedgerClock clock =
        new LedgerClock() {
          @Override
          public Instant instant() {
            return own;
          }

          @Override
          public Instant instant(Connection connection) {
            return common.get();
          }
        };
    return TestLedgers.ledger(opened.connections(), clock, Limits.NONE);
  }

  private static void assertExpired(Outcome outcome) {
    Refusal refusal = ((Outcome.Refused) outcome).refusal();
    assertThat(refusal.code()).isEqualTo(Refusal.Code.HOLD_NOT_ACTIVE);
    assertThat(Objects.requireNonNull(refusal.facts().hold()).status())
        .isEqualTo(HoldStatus.EXPIRED);
  }

  private static Command captureOne(String key, UUID hold) {
    return command("quest", key, new Operation.Capture(hold, 1L, false));
  }

  private String place() throws SQLException {
    try (Connection connection = opened.connections().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT ctid FROM account")) {
      row.next();
      return row.getString(1);
    }
  }

  /** While somebody else has the last account, the first is already locked. */
  private void assertLockedInOrder(Command ofLast, Command ofFirst) throws Exception {
    try (Connection other = opened.connections().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT 1 FROM account WHERE account = 'user:z' FOR UPDATE");
      Future<List<Outcome>> batch = threads.submit(() -> execute(ofLast, ofFirst));
      awaitWaiting(1);
      assertThat(
              number(
                  statement,
                  "SELECT count(*) FROM (SELECT 1 FROM account WHERE account = 'user:a'"
                      + " FOR UPDATE SKIP LOCKED) free"))
          .as("accounts before the one it waits for that are free")
          .isZero();
      other.rollback();
      assertThat(batch.get(20, TimeUnit.SECONDS)).allMatch(o -> o instanceof Outcome.Posted);
    }
  }

  /**
   * The horizon of the events passes an id when whoever has it has ended. At one that nobody has
   * yet, what was posted last would stay unpublished until somebody writes something again.
   */
  @Test
  void whatIsCommittedHasAPositionThatSomebodyHasHad() throws Exception {
    execute(credit("c1", FIRST), credit("c2", LAST));
    // A ceiling has all batches lock before they read, so that they have their id early.
    Ledger locking =
        TestLedgers.ledger(
            opened.connections(), LedgerClock.of(InstantSource.system()), new Limits(1_000_000));
    try (Connection other = opened.connections().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT 1 FROM account WHERE account = 'user:z' FOR UPDATE");
      Future<List<Outcome>> batch =
          threads.submit(() -> locking.execute(List.of(credit("c3", FIRST), credit("c4", LAST))));
      awaitWaiting(1);
      try (Connection later = opened.connections().getConnection();
          Statement itsOwn = later.createStatement()) {
        later.setAutoCommit(true);
        itsOwn.execute("SELECT pg_current_xact_id()");
      }
      other.rollback();
      assertThat(batch.get(20, TimeUnit.SECONDS)).allMatch(o -> o instanceof Outcome.Posted);
      // Not by the horizon itself: others on this server may be writing just now.
      long hidden =
          number(
              statement,
              "SELECT count(*) FROM transaction"
                  + " WHERE position >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
      assertThat(hidden).as("positions that nobody has had").isZero();
    }
  }

  /** No row lock keeps them apart: only the register of external ids does. */
  @Test
  void oneKeyOnTwoAccountsAtOnceHasOneOutcome() throws Exception {
    execute(credit("c1", FIRST), credit("c2", LAST));
    List<Future<List<Outcome>>> batches = new ArrayList<>();
    try (Connection other = opened.connections().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      // Both can read that the key is new, and neither can write yet.
      statement.execute("LOCK TABLE operation IN SHARE MODE");
      batches.add(threads.submit(() -> execute(credit("same", FIRST))));
      batches.add(threads.submit(() -> execute(credit("same", LAST))));
      awaitWaiting(2);
      other.rollback();
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (Future<List<Outcome>> batch : batches) {
      outcomes.addAll(batch.get(20, TimeUnit.SECONDS));
    }
    assertThat(outcomes).filteredOn(o -> o instanceof Outcome.Posted).hasSize(1);
    assertThat(outcomes)
        .filteredOn(o -> o instanceof Outcome.Conflicting)
        .extracting(o -> ((Outcome.Conflicting) o).differing())
        .containsExactly(List.of("account"));
    long credited =
        opened.ledger().account(FIRST).balance().available()
            + opened.ledger().account(LAST).balance().available();
    assertThat(credited).isEqualTo(30);
  }

  private void awaitWaiting(int writers) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              try (Connection connection = opened.connections().getConnection();
                  Statement statement = connection.createStatement()) {
                return number(
                    statement,
                    "SELECT count(*) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND wait_event_type = 'Lock'");
              }
            },
            waiting -> waiting == writers);
  }

  private List<Outcome> execute(Command... commands) {
    return opened.ledger().execute(List.of(commands));
  }

  private static long number(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static UUID posted(Outcome outcome) {
    return ((Outcome.Posted) outcome).transaction().id();
  }

  private static Command credit(String id, AccountId account) {
    return command("connect", id, new Operation.Credit(account, 10, null, null));
  }

  private static Command debit(String id, AccountId account) {
    return debit(id, account, 5);
  }

  private static Command debit(String id, AccountId account, long amount) {
    return command("quest", id, new Operation.Debit(account, amount));
  }

  private static Command hold(String id, AccountId account) {
    return command("quest", id, new Operation.PlaceHold(account, 5, 3600));
  }

  private static Command capture(String id, UUID hold) {
    return command("quest", id, new Operation.Capture(hold, null, true));
  }

  private static Command command(String source, String id, Operation operation) {
    return new Command(new ExternalKey(source, id), operation, "test", null, null);
  }
}
