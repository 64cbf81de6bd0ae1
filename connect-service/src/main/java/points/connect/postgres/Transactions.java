package points.connect.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import points.kit.Failure;

/**
 * Runs work in database transactions, again where another process was in the way or the database
 * was away for a while. Thread-safe.
 */
public final class Transactions {
  /**
   * Run on every new connection. The statements are sets of index look-ups; the statistics of
   * tables that grow by thousands of rows a second do not reliably say so. The timeouts see to it
   * that a process which was stopped in the middle of a batch does not hold its rows for ever.
   */
  public static final String SET_UP =
      """
      SET jit = off; SET enable_seqscan = off; SET enable_hashjoin = off;
      SET enable_mergejoin = off; SET plan_cache_mode = force_generic_plan;
      SET lock_timeout = '5s'; SET statement_timeout = '20s';
      SET idle_in_transaction_session_timeout = '60s'""";

  private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);
  private static final int COLLISIONS_MAX = 20;
  private static final Duration PAUSE = Duration.ofMillis(50);

  /** What is done in a transaction. */
  public interface Work<T> {
    /** Does it; what it does not commit is committed after it. */
    T run(Connection connection) throws SQLException;
  }

  private final DataSource database;
  private final Duration patience;

  /**
   * Transactions on a database.
   *
   * @param patience how long an outage is waited out
   */
  public Transactions(DataSource database, Duration patience) {
    this.database = database;
    this.patience = patience;
  }

  /**
   * Runs the work until it is committed. It may run several times, and a run before the last one
   * may have been committed unseen: it must find that out by what it reads.
   *
   * @throws StoreUnavailable if the database was away for too long
   * @throws IllegalStateException on an SQL error that is a bug; nothing was written
   */
  public <T> T run(Work<T> work) {
    long giveUpAt = System.nanoTime() + patience.toNanos();
    int collisions = 0;
    while (true) {
      try {
        return once(work);
      } catch (SQLException e) {
        switch (Failure.of(e)) {
          case COLLISION -> {
            if (++collisions > COLLISIONS_MAX || System.nanoTime() > giveUpAt) {
              throw new StoreUnavailable("another process is in the way", e);
            }
          }
          case OUTAGE -> waitOut(e, giveUpAt);
          case BUG -> throw new IllegalStateException("unexpected SQL error: " + e, e);
        }
      }
    }
  }

  /** Runs the work once, and rolls back where it fails. */
  <T> T once(Work<T> work) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        T result = work.run(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        rollBack(connection, e);
        throw e;
      }
    }
  }

  /** Reads a row. */
  public interface Reader<T> {
    /** Called for every row. */
    T read(ResultSet row) throws SQLException;
  }

  /** The rows of a query, with these parameters in order. */
  <T> List<T> list(String sql, Reader<T> reader, @Nullable Object... params) {
    return run(connection -> list(connection, sql, reader, params));
  }

  static <T> List<T> list(
      Connection connection, String sql, Reader<T> reader, @Nullable Object... params)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      for (int i = 0; i < params.length; i++) {
        query.setObject(i + 1, params[i]);
      }
      List<T> found = new ArrayList<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          found.add(reader.read(rows));
        }
      }
      return found;
    }
  }

  static int update(Connection connection, String sql, @Nullable Object... params)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      for (int i = 0; i < params.length; i++) {
        update.setObject(i + 1, params[i]);
      }
      return update.executeUpdate();
    }
  }

  private static void rollBack(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e); // the connection is gone, and the transaction with it
    }
  }

  private static void waitOut(SQLException e, long giveUpAt) {
    if (System.nanoTime() > giveUpAt) {
      throw new StoreUnavailable("the database is not available", e);
    }
    LOG.warn("the database is not available, trying again: {}", e.getMessage());
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailable("interrupted while waiting for the database", interrupted);
    }
  }
}
