package points.service.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;

/** The time that a ledger decides by. Thread-safe. */
public interface LedgerClock extends InstantSource {
  /**
   * The time that all processes on one database agree on, asked over this connection: later than
   * whatever had been committed when its transaction saw what it read.
   */
  Instant instant(Connection connection) throws SQLException;

  /** A clock for a ledger that has its database to itself. */
  static LedgerClock of(InstantSource time) {
    return new LedgerClock() {
      @Override
      public Instant instant() {
        return time.instant();
      }

      @Override
      public Instant instant(Connection connection) {
        return time.instant();
      }
    };
  }
}
