package points.service.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Checks the books: recomputes every account from its history, hash chain included, and compares
 * holds, lots and the register of external ids with it. Reads only. Works through the accounts by
 * name and then through the register by key, some at a time, each portion in one REPEATABLE READ
 * snapshot, so that it never sees half a posting.
 */
public final class Verifier {
  /**
   * Something that must never be.
   *
   * @param account whose books are wrong
   * @param invariant which rule is broken, in a few words
   * @param detail what was found
   */
  public record Finding(String account, String invariant, String detail) {}

  /**
   * How much it takes of a machine that has other things to do.
   *
   * @param accounts how many it checks before it rests
   * @param rest says how long it rests then, as a multiple of the time they took: 0 for not at all
   */
  public record Pace(int accounts, DoubleSupplier rest) {
    /** As fast as it can. */
    public static final Pace FULL = new Pace(2_000, () -> 0);

    /**
     * In short steps, so that callers who come in between hardly wait, and for a fifth of one
     * processor, or a twentieth as long as others are waiting for it.
     */
    public static Pace gentle(BooleanSupplier othersWait) {
      return new Pace(50, () -> othersWait.getAsBoolean() ? 19 : 4);
    }
  }

  /** Is told how far a pass has come. */
  public interface Progress {
    /**
     * Called after every portion.
     *
     * @param accounts how many accounts have been checked so far
     * @param transactions how many transactions
     */
    void at(long accounts, long transactions);

    /** Called for everything that is wrong, as soon as the portion it was found in is done. */
    default void found(Finding finding) {}
  }

  /** What one pass saw. */
  public record Result(long accounts, long transactions, List<Finding> findings) {}

  /**
   * A portion is small beside its tables, but the planner, which does not know the portion's ends,
   * would rather read a whole table once for each: of the register, more than a second.
   */
  private static final String BY_INDEX =
      """
      SET LOCAL max_parallel_workers_per_gather = 0;
      SET LOCAL enable_seqscan = off;
      SET LOCAL enable_hashjoin = off;
      SET LOCAL enable_mergejoin = off""";

  private static final String NAMES =
      """
      SELECT max(account) AS last, count(*) AS n FROM (
          SELECT account FROM account WHERE account > ? ORDER BY account LIMIT ?) portion""";

  private static final String ACCOUNTS =
      "SELECT * FROM account WHERE account > ? AND account <= ? ORDER BY account";

  private static final String HISTORY =
      """
      SELECT * FROM transaction WHERE account > ? AND account <= ? ORDER BY account, seq""";

  /** Each returns the account and what is wrong with it. */
  private static final List<String[]> RULES =
      List.of(
          new String[] {
            "held = what remains of active holds",
            """
            SELECT a.account, format('held %s, holds %s', a.held, coalesce(h.remaining, 0))
            FROM account a
            LEFT JOIN (SELECT account, sum(amount - captured - released) AS remaining FROM hold
                       WHERE account > ? AND account <= ? AND status = 'active'
                       GROUP BY account) h USING (account)
            WHERE a.account > ? AND a.account <= ? AND a.held <> coalesce(h.remaining, 0)"""
          },
          new String[] {
            "expiring and pending = what remains of lots",
            """
            SELECT a.account, format('expiring %s, lots %s; pending %s, lots %s',
                   a.expiring, coalesce(l.open, 0), a.pending, coalesce(l.pending, 0))
            FROM account a
            LEFT JOIN (SELECT account, sum(remaining) FILTER (WHERE status = 'open') AS open,
                              sum(remaining) FILTER (WHERE status = 'pending') AS pending
                       FROM lot WHERE account > ? AND account <= ? GROUP BY account) l USING (account)
            WHERE a.account > ? AND a.account <= ?
              AND (a.expiring <> coalesce(l.open, 0) OR a.pending <> coalesce(l.pending, 0))"""
          },
          new String[] {
            "a lot = the moves of its history",
            """
            SELECT coalesce(l.account, m.account),
                   format('lot %s has %s, its moves sum to %s',
                          coalesce(l.lot_id, m.lot_id), l.remaining, m.remaining)
            FROM (SELECT * FROM lot WHERE account > ? AND account <= ?) l
            FULL JOIN (SELECT t.account, u.lot_id, sum(u.change) AS remaining
                       FROM transaction t, unnest(t.lots, t.lot_changes) AS u(lot_id, change)
                       WHERE t.account > ? AND t.account <= ? AND t.lots IS NOT NULL
                       GROUP BY t.account, u.lot_id) m USING (lot_id)
            WHERE l.remaining IS DISTINCT FROM m.remaining"""
          },
          new String[] {
            "a hold = the newest transaction on it, and ends once",
            """
            SELECT coalesce(h.account, t.account),
                   format('hold %s is %s %s/%s, its history says %s %s/%s, ended %s times',
                          coalesce(h.hold_id, t.hold_id), h.status, h.captured, h.released,
                          t.status, t.captured, t.released, t.ends)
            FROM (SELECT * FROM hold WHERE account > ? AND account <= ?) h
            FULL JOIN (SELECT account, hold_id,
                              (array_agg(hold_status ORDER BY seq DESC))[1] AS status,
                              (array_agg(hold_captured ORDER BY seq DESC))[1] AS captured,
                              (array_agg(hold_released ORDER BY seq DESC))[1] AS released,
                              (array_agg(hold_amount ORDER BY seq DESC))[1] AS amount,
                              (array_agg(hold_expires_at ORDER BY seq DESC))[1] AS expires_at,
                              count(*) FILTER (WHERE hold_status <> 'active') AS ends
                       FROM transaction
                       WHERE account > ? AND account <= ? AND hold_id IS NOT NULL
                       GROUP BY account, hold_id) t USING (hold_id)
            WHERE (h.status, h.captured, h.released, h.amount, h.expires_at)
                    IS DISTINCT FROM (t.status, t.captured, t.released, t.amount, t.expires_at)
               OR t.ends > 1"""
          },
          new String[] {
            "what remains of a hold = where it came from",
            """
            SELECT account, format('hold %s has taken from %s, %s', hold_id, lots, lot_amounts)
            FROM hold
            WHERE account > ? AND account <= ? AND status = 'active'
              AND amount - captured - released
                    <> (SELECT coalesce(sum(part), 0) FROM unnest(lot_amounts) part)"""
          },
          new String[] {
            "a lot has the dates of its credit",
            """
            SELECT l.account, format('lot %s is from %s to %s, its credit says %s to %s',
                                     l.lot_id, l.available_at, l.expires_at,
                                     t.available_at, t.expires_at)
            FROM lot l
            JOIN transaction t ON t.transaction_id = l.lot_id
            WHERE l.account > ? AND l.account <= ?
              AND (l.available_at, l.expires_at) IS DISTINCT FROM (t.available_at, t.expires_at)"""
          },
          new String[] {
            "one outcome for each external id",
            """
            SELECT t.account, format('transaction %s is not what %s %s is registered for',
                                     t.transaction_id, t.source, t.external_id)
            FROM transaction t
            LEFT JOIN operation o ON o.key = operation_key(t.source, t.external_id)
            WHERE t.account > ? AND t.account <= ?
              AND o.transaction_id IS DISTINCT FROM t.transaction_id"""
          },
          new String[] {
            "refunds never exceed the charge, reversals never the credit",
            """
            SELECT first.account, format('%s of %s moved %s back', first.type,
                                         first.amount, sum(later.amount))
            FROM transaction later
            JOIN transaction first ON first.transaction_id = later.refers_to
            WHERE later.account > ? AND later.account <= ?
              AND later.type IN ('refund', 'reverse')
            GROUP BY first.transaction_id, first.account, first.type, first.amount
            HAVING sum(later.amount) > first.amount"""
          },
          new String[] {
            "no hold stays active for more than 5 minutes past its expiry",
            """
            SELECT h.account, format('hold %s expired at %s', h.hold_id, h.expires_at)
            FROM hold h JOIN account a USING (account), sandbox_clock c
            WHERE h.account > ? AND h.account <= ? AND h.status = 'active' AND NOT a.frozen
              AND h.expires_at < clock_timestamp() + c.advance - interval '5 minutes'
              AND c.advance = interval '0'"""
          });

  /**
   * Into how many parts the register is divided, by the first bits of its keys, which are hashes.
   */
  private static final int REGISTER_PARTS = 64;

  private static final int PART_SHIFT = 58;

  /** Checked by key: the register is not ordered by account. */
  private static final String[] REFUSALS =
      new String[] {
        "a refusal is registered and has its wording",
        """
        SELECT coalesce(o.account, r.account),
               format('%s is %s', coalesce(r.source || ' ' || r.external_id, o.key::text),
                      CASE WHEN o.key IS NULL THEN 'not registered' ELSE 'without a wording' END)
        FROM (SELECT * FROM operation
              WHERE key >= ?::uuid AND key <= ?::uuid AND transaction_id IS NULL) o
        FULL JOIN (SELECT * FROM refusal WHERE key >= ?::uuid AND key <= ?::uuid) r ON r.key = o.key
        WHERE o.key IS NULL OR r.key IS NULL
           OR r.key <> operation_key(r.source, r.external_id)"""
      };

  private final DataSource database;

  /** Checks this database. */
  public Verifier(DataSource database) {
    this.database = database;
  }

  /**
   * One pass over everything.
   *
   * @param progress is called on this thread, while no snapshot is open
   * @throws InterruptedException if it is interrupted while resting
   */
  public Result pass(Progress progress, Pace pace) throws SQLException, InterruptedException {
    List<Finding> findings = new ArrayList<>();
    long accounts = 0;
    long transactions = 0;
    String after = "";
    while (true) {
      String from = after;
      Portion portion = step(progress, pace, findings, c -> checkAccounts(c, from, pace, findings));
      if (portion == null) {
        break;
      }
      after = portion.last();
      accounts += portion.accounts();
      transactions += portion.transactions();
      progress.at(accounts, transactions);
    }
    for (int part = 0; part < REGISTER_PARTS; part++) {
      long high = (long) part << PART_SHIFT;
      String first = new UUID(high, 0).toString();
      String last = new UUID(high | (1L << PART_SHIFT) - 1, -1).toString();
      step(
          progress,
          pace,
          findings,
          connection -> {
            checkRule(connection, REFUSALS, first, last, findings);
            return null;
          });
    }
    return new Result(accounts, transactions, findings);
  }

  /** Does one portion, tells what it added to the findings, and rests. */
  private @Nullable Portion step(Progress progress, Pace pace, List<Finding> findings, Check check)
      throws SQLException, InterruptedException {
    int before = findings.size();
    long start = System.nanoTime();
    Portion portion = snapshot(check);
    long took = System.nanoTime() - start;
    findings.subList(before, findings.size()).forEach(progress::found);
    Thread.sleep(Duration.ofNanos((long) (took * pace.rest().getAsDouble())));
    return portion;
  }

  private record Portion(String last, long accounts, long transactions) {}

  private interface Check {
    @Nullable Portion in(Connection connection) throws SQLException;
  }

  private @Nullable Portion snapshot(Check check) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      try (Statement alone = connection.createStatement()) {
        alone.execute(BY_INDEX);
        return check.in(connection);
      } finally {
        connection.rollback();
        connection.setReadOnly(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      }
    }
  }

  private static @Nullable Portion checkAccounts(
      Connection connection, String after, Pace pace, List<Finding> findings) throws SQLException {
    long count;
    String last;
    try (PreparedStatement names = connection.prepareStatement(NAMES)) {
      names.setString(1, after);
      names.setInt(2, pace.accounts());
      try (ResultSet row = names.executeQuery()) {
        row.next();
        last = row.getString("last");
        count = row.getLong("n");
      }
    }
    if (last == null) {
      return null;
    }
    // The last portion takes in what is beyond.
    String upTo = count < pace.accounts() ? "\uffff" : last;
    long transactions = checkHistory(connection, after, upTo, findings);
    for (String[] rule : RULES) {
      checkRule(connection, rule, after, upTo, findings);
    }
    return new Portion(last, count, transactions);
  }

  private static long checkHistory(
      Connection connection, String after, String upTo, List<Finding> findings)
      throws SQLException {
    AccountCheck check = new AccountCheck(findings);
    try (PreparedStatement accounts = range(connection, ACCOUNTS, after, upTo);
        ResultSet row = accounts.executeQuery()) {
      while (row.next()) {
        check.expect(Rows.account(row));
      }
    }
    long count = 0;
    try (PreparedStatement history = range(connection, HISTORY, after, upTo);
        ResultSet row = history.executeQuery()) {
      while (row.next()) {
        check.next(Rows.transaction(row));
        count++;
      }
    }
    check.end();
    return count;
  }

  private static PreparedStatement range(
      Connection connection, String sql, String after, String upTo) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    statement.setFetchSize(1000);
    statement.setString(1, after);
    statement.setString(2, upTo);
    return statement;
  }

  /** Checks a rule, whose parameters are the two ends of the portion, over and over. */
  private static void checkRule(
      Connection connection, String[] rule, String from, String upTo, List<Finding> findings)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(rule[1])) {
      int params = statement.getParameterMetaData().getParameterCount();
      for (int i = 1; i <= params; i += 2) {
        statement.setString(i, from);
        statement.setString(i + 1, upTo);
      }
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          findings.add(new Finding(row.getString(1), rule[0], row.getString(2)));
        }
      }
    }
  }
}
