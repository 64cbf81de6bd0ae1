package points.service.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import points.kit.Failure;
import points.ledger.Account;
import points.ledger.AccountId;
import points.ledger.Balance;
import points.ledger.ExternalKey;
import points.ledger.Hold;
import points.ledger.HoldStatus;
import points.ledger.Recorded;
import points.ledger.Transaction;
import points.ledger.Verb;

/**
 * What callers read. Thread-safe; every method reads one consistent state, or throws {@link
 * LedgerUnavailable}.
 */
public final class Queries {
  /** So many points expire at one moment. */
  public record Expiry(long amount, Instant expiresAt) {}

  /** A balance with what will expire of it, soonest first. */
  public record BalanceRead(Balance balance, List<Expiry> expiring) {}

  /** A hold with the transaction that placed it. */
  public record HoldRead(Hold hold, Transaction placed) {}

  /**
   * Which transactions of an account: numbers in ({@code after}, {@code upTo}].
   *
   * @param type {@code null}: all
   */
  public record Range(long after, long upTo, @Nullable Verb type) {}

  /** A period of an account: the balance before, what happened, the balance after. */
  public record Statement(Balance opening, List<Transaction> entries, Balance closing) {}

  /** A transaction with its place in the stream of all. */
  public record Event(StreamPosition position, Transaction transaction) {}

  /**
   * The one read that callers repeat all day: one statement, and so one state and one round trip.
   */
  private static final String BALANCE =
      """
      SELECT a.available, a.held, a.pending, a.debt, l.amount, l.expires_at
      FROM account a
      LEFT JOIN LATERAL (
          SELECT sum(remaining) AS amount, expires_at FROM lot
          WHERE a.expiring > 0 AND account = a.account AND status = 'open' AND remaining > 0
          GROUP BY expires_at ORDER BY expires_at LIMIT 100) l ON true
      WHERE a.account = ?
      ORDER BY l.expires_at""";

  private static final String PAST_EXPIRIES =
      """
      SELECT sum(m.remaining) AS amount, l.expires_at
      FROM (SELECT u.lot_id, sum(u.change) AS remaining
            FROM transaction t, unnest(t.lots, t.lot_changes) AS u(lot_id, change)
            WHERE t.account = :account AND t.seq <= :seq AND t.lots IS NOT NULL
            GROUP BY u.lot_id) m
      JOIN lot l USING (lot_id)
      WHERE m.remaining > 0 AND l.expires_at IS NOT NULL
        AND (l.available_at IS NULL OR l.available_at <= :at)
      GROUP BY l.expires_at ORDER BY l.expires_at LIMIT 100""";

  private final DataSource source;
  private final Jdbi database;

  /** Reads from this database. */
  public Queries(DataSource source) {
    this.source = source;
    this.database = Jdbi.create(source);
  }

  private <T> T read(Function<Handle, T> reading) {
    try {
      return database.inTransaction(
          TransactionIsolationLevel.REPEATABLE_READ, handle -> reading.apply(handle));
    } catch (JdbiException e) {
      throw e.getCause() instanceof SQLException cause ? failed(cause) : e;
    }
  }

  private static RuntimeException failed(SQLException cause) {
    return Failure.of(cause) == Failure.BUG
        ? new IllegalStateException("the ledger is read in a wrong way", cause)
        : new LedgerUnavailable("the ledger cannot be read", cause);
  }

  /** The account as it stands. */
  public Account account(AccountId id) {
    return read(handle -> account(handle, id));
  }

  private static Account account(Handle handle, AccountId id) {
    return handle
        .createQuery("SELECT * FROM account WHERE account = :account")
        .bind("account", id.name())
        .map((row, context) -> Rows.account(row))
        .findOne()
        .orElse(Account.empty(id));
  }

  /** The balance now, and what will expire of it. */
  public BalanceRead balance(AccountId id) {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(BALANCE)) {
      statement.setString(1, id.name());
      try (ResultSet rows = statement.executeQuery()) {
        Balance balance = Balance.ZERO;
        List<Expiry> expiring = new ArrayList<>();
        while (rows.next()) {
          balance = Rows.balance(rows);
          Instant expiresAt = Rows.timeOrNull(rows, "expires_at");
          if (expiresAt != null) {
            expiring.add(new Expiry(rows.getLong("amount"), expiresAt));
          }
        }
        return new BalanceRead(balance, expiring);
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** The balance right after everything up to and including {@code at}. */
  public BalanceRead balance(AccountId id, Instant at) {
    return read(
        handle -> {
          long seq = lastUpTo(handle, id, at, true);
          Query past =
              handle
                  .createQuery(PAST_EXPIRIES)
                  .bind("account", id.name())
                  .bind("seq", seq)
                  .bind("at", at);
          return new BalanceRead(balanceAfter(handle, id, seq), expiries(past));
        });
  }

  private static List<Expiry> expiries(Query query) {
    return query
        .map((row, context) -> new Expiry(row.getLong("amount"), Rows.time(row, "expires_at")))
        .list();
  }

  private static Balance balanceAfter(Handle handle, AccountId id, long seq) {
    if (seq == 0) {
      return Balance.ZERO;
    }
    return handle
        .createQuery(
            "SELECT available, held, pending, debt FROM transaction"
                + " WHERE account = :account AND seq = :seq")
        .bind("account", id.name())
        .bind("seq", seq)
        .map((row, context) -> Rows.balance(row))
        .one();
  }

  /**
   * The number of the account's last transaction up to a moment, 0 if there is none. On an account
   * time never runs backwards, so a binary search by number finds it, without an index on time.
   */
  private static long lastUpTo(Handle handle, AccountId id, Instant moment, boolean inclusive) {
    long low = 0;
    long high = account(handle, id).seq();
    while (low < high) {
      long middle = (low + high + 1) >>> 1;
      Instant at =
          handle
              .createQuery(
                  "SELECT created_at FROM transaction WHERE account = :account AND seq = :seq")
              .bind("account", id.name())
              .bind("seq", middle)
              .map((row, context) -> Rows.time(row, "created_at"))
              .one();
      if (at.isBefore(moment) || (inclusive && at.equals(moment))) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /**
   * The transactions from {@code from} (inclusive) to {@code to} (exclusive), newest first.
   *
   * @param from {@code null}: from the beginning
   * @param to {@code null}: to the end
   * @param beforeSeq only those with a smaller number
   * @param limit how many at the most
   */
  public List<Transaction> transactions(
      AccountId id,
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable Verb type,
      long beforeSeq,
      int limit) {
    return read(
        handle -> {
          Range range = range(handle, id, from, to, type);
          return transactions(handle, id, range, beforeSeq)
              .bind("limit", limit)
              .map((row, context) -> Rows.transaction(row))
              .list();
        });
  }

  private static Range range(
      Handle handle,
      AccountId id,
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable Verb type) {
    long after = from == null ? 0 : lastUpTo(handle, id, from, false);
    long upTo = to == null ? Long.MAX_VALUE : lastUpTo(handle, id, to, false);
    return new Range(after, upTo, type);
  }

  private static Query transactions(Handle handle, AccountId id, Range range, long beforeSeq) {
    return handle
        .createQuery(
            """
            SELECT * FROM transaction
            WHERE account = :account AND seq > :after AND seq <= :upTo AND seq < :before
              AND (:type::text IS NULL OR type = :type)
            ORDER BY seq DESC LIMIT :limit""")
        .bind("account", id.name())
        .bind("after", range.after())
        .bind("upTo", range.upTo())
        .bind("before", beforeSeq)
        .bind("type", range.type() == null ? null : range.type().wire());
  }

  /**
   * The statement from {@code from} (inclusive) to {@code to} (exclusive), oldest entry first.
   *
   * @param entriesMax how many entries at the most
   * @return empty if there are more
   */
  public Optional<Statement> statement(
      AccountId id, @Nullable Instant from, @Nullable Instant to, int entriesMax) {
    return read(
        handle -> {
          Range range = range(handle, id, from, to, null);
          List<Transaction> entries =
              new ArrayList<>(
                  transactions(handle, id, range, Long.MAX_VALUE)
                      .bind("limit", entriesMax + 1)
                      .map((row, context) -> Rows.transaction(row))
                      .list());
          if (entries.size() > entriesMax) {
            return Optional.empty();
          }
          Balance opening = balanceAfter(handle, id, range.after());
          Balance closing = entries.isEmpty() ? opening : entries.getFirst().balance();
          return Optional.of(new Statement(opening, entries.reversed(), closing));
        });
  }

  /** The transaction, if there is one. */
  public Optional<Transaction> transaction(UUID id) {
    return read(
        handle ->
            handle
                .createQuery("SELECT * FROM transaction WHERE transaction_id = :id")
                .bind("id", id)
                .map((row, context) -> Rows.transaction(row))
                .findOne());
  }

  /** What is remembered under a key: a transaction or a refusal. */
  public Optional<Recorded> recorded(ExternalKey key) {
    return read(
        handle -> {
          Optional<Recorded> posted =
              byKey(
                      handle,
                      "SELECT t.* FROM operation o JOIN transaction t USING (transaction_id)"
                          + " WHERE o.key = :key",
                      key)
                  .map((row, context) -> (Recorded) Rows.transaction(row))
                  .findOne();
          return posted.or(
              () ->
                  byKey(handle, "SELECT * FROM refusal WHERE key = :key", key)
                      .map((row, context) -> (Recorded) Rows.refusal(row))
                      .findOne());
        });
  }

  private static Query byKey(Handle handle, String sql, ExternalKey key) {
    return handle.createQuery(sql).bind("key", OperationKey.of(key));
  }

  /** The hold, if there is one. */
  public Optional<HoldRead> hold(UUID id) {
    return read(
        handle ->
            handle
                .createQuery("SELECT * FROM hold WHERE hold_id = :id")
                .bind("id", id)
                .map((row, context) -> Rows.hold(row))
                .findOne()
                .map(hold -> withPlacing(handle, List.of(hold)).getFirst()));
  }

  /**
   * An account's holds, newest first.
   *
   * @param status {@code null}: all
   * @param now from when on a hold whose time is up counts as expired, posted or not
   * @param before only those placed before this one; {@code null}: from the newest
   */
  public List<HoldRead> holds(
      AccountId id, @Nullable HoldStatus status, Instant now, @Nullable UUID before, int limit) {
    return read(
        handle ->
            withPlacing(
                handle,
                handle
                    .createQuery(
                        """
                        SELECT * FROM hold
                        WHERE account = :account
                          AND (:status::text IS NULL OR :status = CASE
                              WHEN status = 'active' AND expires_at <= :now THEN 'expired'
                              ELSE status END)
                          AND (:before::uuid IS NULL OR hold_id < :before::uuid)
                        ORDER BY hold_id DESC LIMIT :limit""")
                    .bind("account", id.name())
                    .bind("status", status == null ? null : status.wire())
                    .bind("now", now.atOffset(ZoneOffset.UTC))
                    .bind("before", before)
                    .bind("limit", limit)
                    .map((row, context) -> Rows.hold(row))
                    .list()));
  }

  /** A hold has the id of the transaction that placed it. */
  static List<HoldRead> withPlacing(Handle handle, List<Hold> holds) {
    List<HoldRead> reads = new ArrayList<>(holds.size());
    for (Hold hold : holds) {
      reads.add(new HoldRead(hold, existing(handle, hold.id())));
    }
    return reads;
  }

  /** A transaction that is known to exist. */
  static Transaction existing(Handle handle, UUID id) {
    return handle
        .createQuery("SELECT * FROM transaction WHERE transaction_id = :id")
        .bind("id", id)
        .map((row, context) -> Rows.transaction(row))
        .one();
  }

  /** Why the balance is what it is. */
  public Explanation explain(AccountId id) {
    return read(handle -> Explanation.read(handle, account(handle, id)));
  }

  /**
   * What was posted after a position, in commit order. Rows at or above the horizon, the oldest
   * database transaction still running, wait: others could yet be committed before them.
   */
  public List<Event> events(StreamPosition after, int limit) {
    return read(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT * FROM transaction
                    WHERE position >= :position
                      AND position < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
                      AND (position, account, seq) > (:position, :account, :seq)
                    ORDER BY position, account, seq LIMIT :limit""")
                .bind("position", after.position())
                .bind("account", after.account())
                .bind("seq", after.seq())
                .bind("limit", limit)
                .map(
                    (row, context) -> {
                      Transaction transaction = Rows.transaction(row);
                      return new Event(
                          new StreamPosition(
                              row.getLong("position"),
                              transaction.account().name(),
                              transaction.seq()),
                          transaction);
                    })
                .list());
  }
}
