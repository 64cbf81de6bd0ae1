package points.kit;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The SQL of the {@link Outbox}. */
final class OutboxTable {

  /**
   * One event that waits.
   *
   * @param position its place in the table
   */
  record Waiting(long position, CloudEvent event) {}

  /**
   * What stands in the table.
   *
   * @param ageSeconds of the oldest event that waits; 0 where there is none
   */
  record Stand(long waiting, double ageSeconds, long parked) {}

  private static final String WRITE =
      "INSERT INTO outbox (aggregate, event_id, type, data) VALUES (?, ?, ?, ?::jsonb)";

  /**
   * Below the horizon nobody is still writing, so nothing can turn up before what was read. By
   * position, not by transaction: a transaction may have begun before another one whose aggregate
   * it then waited for.
   */
  private static final String READ =
      """
      SELECT position, aggregate, event_id, type, time, data FROM outbox
      WHERE parked_at IS NULL AND written_in < pg_snapshot_xmin(pg_current_snapshot())
      ORDER BY position LIMIT ?
      """;

  private static final String STAND =
      """
      SELECT count(*) FILTER (WHERE parked_at IS NULL),
             coalesce(extract(epoch FROM
               clock_timestamp() - min(time) FILTER (WHERE parked_at IS NULL)), 0),
             count(*) FILTER (WHERE parked_at IS NOT NULL)
      FROM outbox
      """;

  private static final String KEY = "hashtextextended('outbox:' || current_schema(), 0)";

  private OutboxTable() {}

  static UUID write(Connection transaction, String aggregate, String type, String data)
      throws SQLException {
    UUID id = Uuid7.next();
    try (var insert = transaction.prepareStatement(WRITE)) {
      insert.setString(1, aggregate);
      insert.setObject(2, id);
      insert.setString(3, type);
      insert.setString(4, data);
      insert.executeUpdate();
    }
    return id;
  }

  /** Whether this connection is now the one that relays; it stays so until it is closed. */
  static boolean lock(Connection connection) throws SQLException {
    try (var lock = connection.prepareStatement("SELECT pg_try_advisory_lock(" + KEY + ")");
        var row = lock.executeQuery()) {
      row.next();
      return row.getBoolean(1);
    }
  }

  static void unlock(Connection connection) throws SQLException {
    try (var unlock = connection.prepareStatement("SELECT pg_advisory_unlock(" + KEY + ")")) {
      unlock.execute();
    }
  }

  static List<Waiting> read(Connection connection, String source, int limit) throws SQLException {
    List<Waiting> waiting = new ArrayList<>();
    try (var select = connection.prepareStatement(READ)) {
      select.setInt(1, limit);
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          waiting.add(new Waiting(rows.getLong("position"), event(source, rows)));
        }
      }
    }
    return waiting;
  }

  private static CloudEvent event(String source, ResultSet row) throws SQLException {
    return new CloudEvent(
        source,
        row.getObject("event_id", UUID.class),
        row.getString("type"),
        row.getString("aggregate"),
        row.getObject("time", OffsetDateTime.class).toInstant(),
        row.getString("data"));
  }

  static void delete(Connection connection, List<Waiting> delivered) throws SQLException {
    Long[] positions = delivered.stream().map(Waiting::position).toArray(Long[]::new);
    try (var delete = connection.prepareStatement("DELETE FROM outbox WHERE position = ANY (?)")) {
      delete.setArray(1, connection.createArrayOf("bigint", positions));
      delete.executeUpdate();
    }
  }

  static void park(Connection connection, Waiting refused, String reason) throws SQLException {
    try (var update =
        connection.prepareStatement(
            "UPDATE outbox SET parked_at = clock_timestamp(), parked_reason = ?"
                + " WHERE position = ?")) {
      update.setString(1, reason);
      update.setLong(2, refused.position());
      update.executeUpdate();
    }
  }

  static Stand stand(Connection connection) throws SQLException {
    try (var select = connection.prepareStatement(STAND);
        var row = select.executeQuery()) {
      row.next();
      return new Stand(row.getLong(1), row.getDouble(2), row.getLong(3));
    }
  }
}
