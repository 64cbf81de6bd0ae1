package points.service.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import points.kit.Failure;
import points.ledger.Batch;
import points.ledger.Changes;
import points.ledger.Command;
import points.ledger.Ids;
import points.ledger.Limits;
import points.ledger.LotsMissing;
import points.ledger.Outcome;

/**
 * Executes a batch as one database transaction: reads, decides, writes and commits, and does it
 * again where somebody was in the way or the database was away. Thread-safe; each thread that
 * executes takes a connection of its own.
 *
 * <p>Nobody is expected on the accounts of a lane's batch, so it reads without locks, everything as
 * of one moment (REPEATABLE READ), and PostgreSQL refuses the batch if one of the rows that it
 * writes has moved on since. Then somebody else is at work after all: the batch is tried again, and
 * for a while all batches lock their accounts before they read (READ COMMITTED), and wait instead
 * of colliding.
 *
 * <p>External ids that are not at hand are expected to be new, and are left to the register's
 * unique index to refuse; where that happens, and for a while afterwards, they are looked up. So
 * they are as long as what is at hand cannot be {@link Recent#isTrusted trusted}.
 */
final class Executing {
  private static final Logger LOG = LoggerFactory.getLogger(Executing.class);
  private static final String UNIQUE_VIOLATION = "23505";
  private static final int COLLISIONS_MAX = 20;
  private static final Duration PAUSE = Duration.ofMillis(50);

  /** How long something is expected to happen again. */
  private static final Duration CAUTION = Duration.ofSeconds(1);

  /** What the clocks of two processes surely do not differ by. */
  private static final Duration CLOCKS_APART = Duration.ofSeconds(1);

  private final DataSource connections;
  private final LedgerClock clock;
  private final Ids ids;
  private final Limits limits;
  private final Duration patience;
  private final Recent recent;

  /** On while other processes are expected on our accounts, as one was met there. */
  private final Alert others = new Alert(CAUTION);

  /** On while external ids are expected to be repeats that are not at hand. */
  private final Alert repeats = new Alert(CAUTION);

  /** Executes on these connections, one at a time for each thread; see {@link PostgresLedger}. */
  Executing(
      DataSource connections,
      LedgerClock clock,
      Ids ids,
      Limits limits,
      Duration patience,
      Recent recent) {
    this.connections = connections;
    this.clock = clock;
    this.ids = ids;
    this.limits = limits;
    this.patience = patience;
    this.recent = recent;
  }

  /**
   * Decides the commands and commits.
   *
   * @param commands none of them at hand; may be none at all
   * @throws LedgerUnavailable if the database was away for too long
   * @throws IllegalStateException on an SQL error that is a bug; nothing was written
   */
  List<Outcome> execute(List<Command> commands) {
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
            // Without a look-up it will be an external id that was used before.
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
    try (Connection connection = connections.getConnection()) {
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
}
