package points.service.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import points.ledger.Account;
import points.ledger.AccountId;
import points.ledger.Command;
import points.ledger.ExternalKey;
import points.ledger.Hold;
import points.ledger.Ids;
import points.ledger.Ledger;
import points.ledger.Limits;
import points.ledger.Lot;
import points.ledger.Outcome;
import points.ledger.Recorded;
import points.ledger.Transaction;

/**
 * The ledger in PostgreSQL. A batch is one database transaction of few round trips: read, decide,
 * write and commit. What {@link #execute} returns is on disk; repeats of what was lately executed
 * here are answered from memory.
 *
 * <p>Thread-safe; each thread that executes takes a connection of its own. Any number of processes
 * may work on one database, as they are kept apart twice over: by the unique index on (source,
 * external_id), and by the account's row, which every posting on the account writes.
 */
public final class PostgresLedger implements Ledger {
  private final DataSource database;
  private final LedgerClock clock;
  private final Recent recent;
  private final Executing executing;

  /**
   * A ledger.
   *
   * @param writing gives the connections that batches are executed on, set up as {@link
   *     LedgerConnections} says, one for each thread that executes
   * @param database gives the connections for everything else
   * @param clock the ledger's time, the same for all processes on one database
   * @param patience how long an outage of the database is waited out before giving up
   * @param recent the outcomes at hand, of this ledger alone
   */
  public PostgresLedger(
      DataSource writing,
      DataSource database,
      LedgerClock clock,
      Ids ids,
      Limits limits,
      Duration patience,
      Recent recent) {
    this.database = database;
    this.clock = clock;
    this.recent = recent;
    this.executing = new Executing(writing, clock, ids, limits, patience, recent);
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
    Iterator<Outcome> executed = executing.execute(fresh).iterator();
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
    Object now = clock.instant().truncatedTo(ChronoUnit.MICROS).toString();
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
