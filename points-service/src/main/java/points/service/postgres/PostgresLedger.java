package points.service.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import points.kit.Failure;
import points.ledger.Account;
import points.ledger.AccountId;
import points.ledger.Batch;
import points.ledger.Changes;
import points.ledger.Command;
import points.ledger.ExternalKey;
import points.ledger.Hold;
import points.ledger.Ids;
import points.ledger.Ledger;
import points.ledger.Limits;
import points.ledger.Lot;
import points.ledger.LotsMissing;
import points.ledger.Outcome;
import points.ledger.Recorded;
import points.ledger.Transaction;

/**
 * The ledger in PostgreSQL. A batch is one database transaction of few round trips: read, decide,
 * write and commit. What {@link #execute} returns is on disk.
 *
 * <p>Thread-safe; each thread that executes takes a connection of its own. Any number of processes
 * may work on one database, as they are kept apart twice over: by the unique index on (source,
 * external_id), and by the account's row, which every posting on the account writes. Nobody is
 * expected on the accounts of a lane's batch, so it reads without locks, everything as of one
 * moment (REPEATABLE READ), and PostgreSQL refuses the batch if one of the rows that it writes has
 * moved on since. Then somebody else is at work after all: the batch is tried again, and for a
 * while all batches lock their accounts before they read (READ COMMITTED), and wait instead of
 * colliding.
 *
 * <p>Repeats of what was lately decided here are answered from memory. So the external ids of a
 * batch are expected to be new, and are left to the register's unique index to refuse; where that
 * happens, and for a while afterwards, they are looked up.
 */
public final class PostgresLedger implements Ledger {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresLedger.class);
  private static final String UNIQUE_VIOLATION = "23505";
  private static final int COLLISIONS_MAX = 20;
  private static final Duration PAUSE = Duration.ofMillis(50);

  /** How long something is expected to happen again. */
  private static final Duration CAUTION = Duration.ofSeconds(1);

  /** So long after it was seen nobody has replaced the database by another. */
  private static final Duration TRUST = Duration.ofSeconds(1);

  /** What the clocks of two processes surely do not differ by. */
  private static final Duration CLOCKS_APART = Duration.ofSeconds(1);

  private final DataSource writing;
  private final DataSource database;
  private final LedgerClock clock;
  private final Ids ids;
  private final Limits limits;
  private final Duration patience;
  private final Recent recent;

  /** On while other processes are expected on our accounts, as one was met there. */
  private final Alert others = new Alert(CAUTION);

  /** On while external ids are expected to be repeats that are not at hand. */
  private final Alert repeats = new Alert(CAUTION);

  /**
   * A ledger.
   *
   * @param writing gives the connections that batches are executed on, set up as {@link
   *     LedgerConnections} says, one for each thread that executes
   * @param database gives the connections for everything else
   * @param clock the ledger's time, the same for all processes on one database
   * @param patience how long an outage of the database is waited out before giving up
   * @param recentBytes how many bytes of the latest outcomes to keep at hand, 0 or more
   */
  public PostgresLedger(
      DataSource writing,
      DataSource database,
      LedgerClock clock,
      Ids ids,
      Limits limits,
      Duration patience,
      int recentBytes) {
    this(writing, database, clock, ids, limits, patience, new Recent(recentBytes, TRUST));
  }

  /** With these outcomes at hand. */
  PostgresLedger(
      DataSource writing,
      DataSource database,
      LedgerClock clock,
      Ids ids,
      Limits limits,
      Duration patience,
      Recent recent) {
    this.writing = writing;
    this.database = database;
    this.clock = clock;
    this.ids = ids;
    this.limits = limits;
    this.patience = patience;
    this.recent = recent;
  }

  /**
   * {@inheritDoc}
   *
   * <p>A batch whose COMMIT was in doubt is tried again: it then finds its own outcomes by their
   * external ids, or none of them and does it all; the locks and the unique index see to it that a
   * first try still under way is waited for.
   *
   * @throws LedgerUnavailable if the database was away for too long
   * @throws IllegalStateException on an SQL error that is a bug; nothing was written
   */
  @Override
  public List<Outcome> execute(List<Command> commands) {
    List<@Nullable Outcome> known = new ArrayList<>(commands.size());
    List<Command> fresh = new ArrayList<>(commands.size());
    for (Command command : commands) {
      Outcome recalled = recall(command); // it may have been executed while this one waited
      known.add(recalled);
      if (recalled == null) {
        fresh.add(command);
      }
    }
    Iterator<Outcome> executed = executeNow(fresh).iterator();
    List<Outcome> outcomes = new ArrayList<>(commands.size());
    for (Outcome recalled : known) {
      outcomes.add(recalled == null ? executed.next() : recalled);
    }
    return outcomes;
  }

  @Override
  public @Nullable Outcome recall(Command command) {
    return recent.recall(command);
  }

  private List<Outcome> executeNow(List<Command> commands) {
    if (commands.isEmpty()) {
      return List.of();
    }
    Attempts attempts = new Attempts();
    long giveUpAt = System.nanoTime() + patience.toNanos();
    boolean lookUp = repeats.isOn() || !recent.isTrusted();
    boolean allLots = false;
    int collisions = 0;
    while (true) {
      attempts.begin();
      try {
        Reading.How how = new Reading.How(isCautious(), lookUp, allLots);
        return attempt(commands, attempts, how);
      } catch (LotsMissing e) {
        allLots = true;
      } catch (SQLException e) {
        switch (Failure.of(e)) {
          case COLLISION -> {
            if (lookUp || !UNIQUE_VIOLATION.equals(e.getSQLState())) {
              collisions = collided(collisions, e, giveUpAt);
            }
          }
          case OUTAGE -> {
            attempts.fail();
            waitOut(e, giveUpAt);
          }
          case BUG -> throw new IllegalStateException("unexpected SQL error: " + e, e);
        }
        lookUp = true;
      }
    }
  }

  /** The sums of a day are shared by all lanes: whoever counts has to wait for the others. */
  private boolean isCautious() {
    return hasCeiling() || others.isOn();
  }

  private boolean hasCeiling() {
    return limits.dailyCreditMax() != Long.MAX_VALUE;
  }

  private List<Outcome> attempt(List<Command> commands, Attempts attempts, Reading.How how)
      throws SQLException {
    try (Connection connection = writing.getConnection()) {
      int era = recent.begin(connection.unwrap(Connection.class));
      long begun = System.nanoTime();
      connection.setAutoCommit(false);
      try {
        List<Outcome> outcomes = decideAndCommit(connection, commands, attempts, how);
        recent.add(outcomes, era, begun);
        return outcomes;
      } catch (SQLException | RuntimeException e) {
        rollBack(connection, e);
        throw e;
      }
    }
  }

  private List<Outcome> decideAndCommit(
      Connection connection, List<Command> commands, Attempts attempts, Reading.How how)
      throws SQLException {
    Reading reading = new Reading(commands, how);
    boolean ceiling = hasCeiling();
    if (ceiling) {
      reading.readCredited(connection, now());
    }
    LoadedBooks books = reading.read(connection);
    Instant now = timeFor(books, connection);
    Batch batch = new Batch(books, ids, limits);
    List<Outcome> decided = decide(batch, commands, now);
    if (!how.lookUp() && !areAllRecorded(decided)) {
      reading.lookUp(connection);
      batch = new Batch(books, ids, limits);
      decided = decide(batch, commands, now);
    }
    if (books.hasRepeats()) {
      repeats.raise();
    }
    List<Outcome> outcomes = decided.stream().map(attempts::settle).toList();
    Changes changes = batch.changes();
    if (changes.isEmpty()) {
      connection.rollback();
    } else {
      attempts.write(changes);
      Writing.statements(changes, books, ceiling).run(connection);
    }
    return outcomes;
  }

  private static List<Outcome> decide(Batch batch, List<Command> commands, Instant now) {
    return commands.stream().map(command -> batch.decide(command, now)).toList();
  }

  /** Then the register's unique index refuses them if one of the external ids was used before. */
  private static boolean areAllRecorded(List<Outcome> outcomes) {
    return outcomes.stream().allMatch(outcome -> outcome.recorded() != null);
  }

  /**
   * The time to decide at. Two processes do not tell it quite alike, and of a hold that ends just
   * now one could say that it has expired and the other still capture it. So if something ends
   * about now the database is asked, after everything was read: whoever reads after a refusal was
   * committed is then told a later time, and whoever read before it collides with it.
   */
  private Instant timeFor(LoadedBooks books, Connection connection) throws SQLException {
    Instant now = now();
    return books.endsWithin(CLOCKS_APART, now)
        ? clock.instant(connection).truncatedTo(ChronoUnit.MICROS)
        : now;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private static void rollBack(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e); // the connection is gone, and the transaction with it
    }
  }

  private int collided(int before, SQLException e, long giveUpAt) {
    others.raise();
    if (before >= COLLISIONS_MAX || System.nanoTime() > giveUpAt) {
      throw new LedgerUnavailable("another process is in the way", e);
    }
    return before + 1;
  }

  private static void waitOut(SQLException e, long giveUpAt) {
    if (System.nanoTime() > giveUpAt) {
      throw new LedgerUnavailable("the database is not available", e);
    }
    LOG.warn("the database is not available, trying again: {}", e.getMessage());
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new LedgerUnavailable("interrupted while waiting for the database", interrupted);
    }
  }

  @Override
  public Account account(AccountId id) {
    List<Account> found = list("SELECT * FROM account WHERE account = ?", Rows::account, id.name());
    return found.isEmpty() ? Account.empty(id) : found.getFirst();
  }

  @Override
  public @Nullable Hold hold(UUID id) {
    return first(list("SELECT * FROM hold WHERE hold_id = ?", Rows::hold, id));
  }

  @Override
  public List<Lot> lots(AccountId id) {
    return list("SELECT * FROM lot WHERE account = ? ORDER BY seq", Rows::lot, id.name());
  }

  @Override
  public List<Transaction> history(AccountId id) {
    return list(
        "SELECT * FROM transaction WHERE account = ? ORDER BY seq", Rows::transaction, id.name());
  }

  @Override
  public @Nullable Recorded recorded(ExternalKey key) {
    Recorded posted =
        first(
            list(
                """
                SELECT t.* FROM operation o JOIN transaction t USING (transaction_id)
                WHERE o.key = ?""",
                Rows::transaction,
                OperationKey.of(key)));
    return posted != null
        ? posted
        : first(list("SELECT * FROM refusal WHERE key = ?", Rows::refusal, OperationKey.of(key)));
  }

  @Override
  public List<Command> due(int limit) {
    Object now = now().toString();
    List<Command> due = new ArrayList<>();
    due.addAll(
        list(
            """
            SELECT hold_id FROM hold h JOIN account a USING (account)
            WHERE h.status = 'active' AND h.expires_at <= ?::timestamptz AND NOT a.frozen
            ORDER BY h.expires_at LIMIT ?""",
            row -> Command.expireHold(row.getObject(1, UUID.class)),
            now,
            limit));
    due.addAll(
        list(
            """
            SELECT lot_id FROM lot l JOIN account a USING (account)
            WHERE l.status = 'pending' AND l.remaining > 0
              AND l.available_at <= ?::timestamptz AND NOT a.frozen
            ORDER BY l.available_at LIMIT ?""",
            row -> Command.activate(row.getObject(1, UUID.class)),
            now,
            limit));
    due.addAll(
        list(
            """
            SELECT lot_id, a.seq + 1 FROM lot l JOIN account a USING (account)
            WHERE l.status = 'open' AND l.remaining > 0
              AND l.expires_at <= ?::timestamptz AND NOT a.frozen
            ORDER BY l.expires_at LIMIT ?""",
            row -> Command.expireLot(row.getObject(1, UUID.class), row.getLong(2)),
            now,
            limit));
    return due;
  }

  @Override
  public void freeze(AccountId id, boolean frozen) {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(true);
      try (PreparedStatement update =
          connection.prepareStatement("UPDATE account SET frozen = ? WHERE account = ?")) {
        update.setBoolean(1, frozen);
        update.setString(2, id.name());
        update.executeUpdate();
      }
    } catch (SQLException e) {
      throw new LedgerUnavailable("the account could not be frozen or unfrozen", e);
    }
  }

  private interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> List<T> list(String sql, RowReader<T> reader, Object... params) {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(true);
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        for (int i = 0; i < params.length; i++) {
          statement.setObject(i + 1, params[i]);
        }
        List<T> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            found.add(reader.read(rows));
          }
        }
        return found;
      }
    } catch (SQLException e) {
      throw new LedgerUnavailable("the ledger cannot be read", e);
    }
  }

  private static <T> @Nullable T first(List<T> found) {
    return found.isEmpty() ? null : found.getFirst();
  }
}
