package points.service;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import javax.sql.DataSource;

/**
 * The ledger's time: the database's clock, so that all processes on one database agree, moved
 * forward by what the sandbox says. It is read once a second and goes on in between by this
 * machine's monotonic clock, so it does not matter if somebody sets the machine's time of day.
 * Thread-safe.
 */
final class DatabaseClock implements InstantSource {
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

  /** What the database's clock said, and what {@link System#nanoTime} was in that moment. */
  private record Reading(Instant time, long nanos) {}

  private final DataSource database;
  private volatile Reading last;

  /** Reads the database's clock at once. */
  DatabaseClock(DataSource database) throws SQLException {
    this.database = database;
    this.last = read();
  }

  @Override
  public Instant instant() {
    Reading reading = last;
    return reading.time().plusNanos(System.nanoTime() - reading.nanos());
  }

  /** Reads the database's clock again. */
  void refresh() throws SQLException {
    last = read();
  }

  /**
   * Moves the clock forward, for every process on this database, for good.
   *
   * @return whether it was: not beyond {@link #ADVANCE_SECONDS_MAX}
   */
  boolean advance(long seconds) throws SQLException {
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
    refresh();
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
      try (Statement statement = connection.createStatement()) {
        long before = System.nanoTime();
        try (ResultSet row = statement.executeQuery(READ)) {
          row.next();
          Instant theirs = row.getObject(1, OffsetDateTime.class).toInstant();
          // It was read somewhere on the way there and back.
          return new Reading(theirs, before + (System.nanoTime() - before) / 2);
        }
      }
    }
  }
}
