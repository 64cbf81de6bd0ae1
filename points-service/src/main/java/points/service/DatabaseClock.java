package points.service;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import javax.sql.DataSource;
import points.service.postgres.LedgerClock;

/**
 * The ledger's time: the database's clock, so that all processes on one database agree, moved
 * forward by what the sandbox says. It is read once a second and goes on in between by this
 * machine's monotonic clock, so it does not matter if somebody sets the machine's time of day.
 *
 * <p>A reading is in doubt by half of the time that it took, which is long on a busy machine (F.
 * Cristian, Probabilistic clock synchronization, 1989). One that agrees with the one before but
 * knows less is therefore passed over: else the clocks of two processes would be as far apart as
 * their slowest readings. Thread-safe.
 */
final class DatabaseClock implements LedgerClock {
  private static final String READ = "SELECT clock_timestamp() + advance FROM sandbox_clock";
  private static final String ADVANCE =
      "UPDATE sandbox_clock SET advance = advance + ? * interval '1 second'"
          + " WHERE advance + ? * interval '1 second' <= ? * interval '1 second'";
  private static final String ADVANCED =
      "SELECT extract(epoch FROM advance)::bigint FROM sandbox_clock";

  /**
   * How far the clock may be moved altogether: a hundred years. Further on, what is credited then
   * with an expiry of its own would leave the years that times are written with.
   */
  static final long ADVANCE_SECONDS_MAX = 100L * 365 * 86_400;

  /** By how much clocks of two machines may drift apart: one part in so many. */
  private static final long DRIFT = 10_000;

  /**
   * What the database's clock said, and what {@link System#nanoTime} was in that moment.
   *
   * @param doubtNanos how far off it may be, either way
   */
  record Reading(Instant time, long nanos, long doubtNanos) {
    Instant at(long moment) {
      return time.plusNanos(moment - nanos);
    }

    /** How far off it may be by now. */
    private long doubtAt(long moment) {
      return doubtNanos + (moment - nanos) / DRIFT;
    }

    /** This reading, or a later one if that knows more, or says that the clock was set. */
    Reading orBetter(Reading later) {
      long doubt = doubtAt(later.nanos);
      long apart = Math.abs(Duration.between(at(later.nanos), later.time).toNanos());
      return later.doubtNanos < doubt || apart > doubt + later.doubtNanos ? later : this;
    }
  }

  private final DataSource database;
  private volatile Reading last;

  /** Reads the database's clock at once. */
  DatabaseClock(DataSource database) throws SQLException {
    this.database = database;
    this.last = read();
  }

  @Override
  public Instant instant() {
    return last.at(System.nanoTime());
  }

  @Override
  public Instant instant(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(READ);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getObject(1, OffsetDateTime.class).toInstant();
    }
  }

  /** Reads the database's clock again. One at a time: a reading must not undo a later one. */
  synchronized void refresh() throws SQLException {
    Reading later = read();
    last = last.orBetter(later);
  }

  /**
   * Moves the clock forward, for every process on this database, for good.
   *
   * @return whether it was: not beyond {@link #ADVANCE_SECONDS_MAX}
   */
  synchronized boolean advance(long seconds) throws SQLException {
    int moved;
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(true);
      try (var update = connection.prepareStatement(ADVANCE)) {
        update.setLong(1, seconds);
        update.setLong(2, seconds);
        update.setLong(3, ADVANCE_SECONDS_MAX);
        moved = update.executeUpdate();
      }
    }
    last = read();
    return moved > 0;
  }

  /** How far the clock has been moved, now or in an earlier life. */
  Duration advanced() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(ADVANCED)) {
      row.next();
      return Duration.ofSeconds(row.getLong(1));
    }
  }

  private Reading read() throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(true);
      long before = System.nanoTime();
      Instant theirs = instant(connection);
      // It was read somewhere on the way there and back.
      long half = (System.nanoTime() - before) / 2;
      return new Reading(theirs, before + half, half);
    }
  }
}
