package points.kit;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Whether a server keeps what it acknowledges. One that does not is refused, whatever else it is.
 */
final class DurabilityCheck {

  private static final int VERSION_MIN = 15;

  private DurabilityCheck() {}

  /** Reads the settings as this login sees them, since roles and databases can override them. */
  static void require(Connection connection, DatabaseUrl url) throws SQLException {
    int version = connection.getMetaData().getDatabaseMajorVersion();
    if (version < VERSION_MIN) {
      throw new DatabaseUnusable(
          url + " is PostgreSQL " + version + ": use " + VERSION_MIN + " or newer.");
    }
    if (ask(connection, "SELECT pg_is_in_recovery()").equals("t")) {
      throw new DatabaseUnusable(url + " is a standby: use the address of the primary.");
    }
    for (String setting : new String[] {"fsync", "full_page_writes", "synchronous_commit"}) {
      requireOn(connection, url, setting);
    }
  }

  private static void requireOn(Connection connection, DatabaseUrl url, String setting)
      throws SQLException {
    if (ask(connection, "SHOW " + setting).equals("off")) {
      throw new DatabaseUnusable(
          url
              + " has "
              + setting
              + " = off, so a crash would lose acknowledged points: set it to on"
              + " (server, database and role).");
    }
  }

  private static String ask(Connection connection, String question) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(question)) {
      row.next();
      return row.getString(1);
    }
  }
}
