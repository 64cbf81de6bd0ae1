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
 * forward by what the sandbox says. It is kept as a difference to this machine's clock and measured
 * again every second. Thread-safe.
 */
final class DatabaseClock implements InstantSource {
  private static final String READ = "SELECT clock_timestamp() + advance FROM sandbox_clock";
  private static final String ADVANCE =
      "UPDATE sandbox_clock SET advance = advance + ? * interval '1 second'";

  private final DataSource database;
  private volatile Duration difference;

  /** Measures at once. */
  DatabaseClock(DataSource database) throws SQLException {
    this.database = database;
    this.difference = measure();
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(difference);
  }

  /** Measures the difference again. */
  void refresh() throws SQLException {
    difference = measure();
  }

  /** Moves the clock forward, for every process on this database, for good. */
  void advance(long seconds) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(true);
      try (var update = connection.prepareStatement(ADVANCE)) {
        update.setLong(1, seconds);
        update.executeUpdate();
      }
    }
    refresh();
  }

  private Duration measure() throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(true);
      try (Statement statement = connection.createStatement()) {
        Instant before = Instant.now();
        try (ResultSet row = statement.executeQuery(READ)) {
          row.next();
          Instant theirs = row.getObject(1, OffsetDateTime.class).toInstant();
          Duration roundTrip = Duration.between(before, Instant.now());
          return Duration.between(before.plus(roundTrip.dividedBy(2)), theirs);
        }
      }
    }
  }
}
