package points.kit;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connections for a pool, there as soon as the database is. HikariCP waits twice as long after
 * every attempt that failed, up to five seconds, so an outage would last up to twice as long for
 * its users; this one tries ten times a second and fails only when its patience is over.
 * Thread-safe.
 */
final class PatientDataSource extends PGSimpleDataSource {
  private static final long serialVersionUID = 1L;

  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Override
  public Connection getConnection() throws SQLException {
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return super.getConnection();
      } catch (SQLException e) {
        if (!mayPass(e) || System.nanoTime() > giveUp) {
          throw e;
        }
        pause();
      }
    }
  }

  /** Nobody answers, it starts or stops just now, or has no connection left. */
  private static boolean mayPass(SQLException e) {
    String state = e.getSQLState();
    return state != null
        && (state.startsWith("08") || state.startsWith("57P") || state.equals("53300"));
  }

  private static void pause() throws SQLException {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLTransientConnectionException("interrupted while the database was away", e);
    }
  }
}
