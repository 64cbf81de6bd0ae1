package points.connect.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What could not be applied: looked at, and closed for good. Thread-safe. */
public final class DeadLetters {

  /**
   * One of them.
   *
   * @param eventSeq null where it could not even be kept as an event, so cannot be redriven
   * @param origin the publisher, or the place in Kafka
   * @param state as in the table of states: open, and how it was closed
   * @param redrives how often it was decided again and failed again
   */
  public record Letter(
      long id,
      @Nullable Long eventSeq,
      String source,
      String eventId,
      String type,
      String origin,
      String reason,
      String body,
      String state,
      int redrives,
      Instant createdAt,
      @Nullable Instant closedAt,
      @Nullable String closedBy,
      @Nullable String closedReason) {

    /** Whether nobody has closed it. */
    public boolean isOpen() {
      return state.equals("open");
    }

    /** Whether it can be decided again. */
    public boolean isRedrivable() {
      return eventSeq != null && isOpen();
    }
  }

  private static final String READ =
      """
      SELECT dead_letter_id, event_seq, source, id, type, origin, reason, body, state, redrives,
             created_at, closed_at, closed_by, closed_reason
      FROM dead_letter
      """;

  private static final String DISCARD =
      """
      UPDATE dead_letter SET state = 'discarded', closed_at = clock_timestamp(), closed_by = ?,
        closed_reason = ?
      WHERE dead_letter_id = ? AND state = 'open'""";

  /** Which letters are asked for; null for any. */
  public record Filter(@Nullable String state, @Nullable String source, @Nullable String type) {}

  private final Transactions transactions;

  /** The dead letters of a database. */
  public DeadLetters(Transactions transactions) {
    this.transactions = transactions;
  }

  /** One letter; null for none. */
  public @Nullable Letter find(long id) {
    List<Letter> found =
        transactions.list(READ + "WHERE dead_letter_id = ?", DeadLetters::letter, id);
    return found.isEmpty() ? null : found.getFirst();
  }

  /** The letters about an event, oldest first. */
  public List<Letter> ofEvent(long seq) {
    return transactions.list(
        READ + "WHERE event_seq = ? ORDER BY dead_letter_id", DeadLetters::letter, seq);
  }

  /**
   * A page of letters, newest first.
   *
   * @param before where the page before ended
   */
  public List<Letter> page(Filter filter, long before, int limit) {
    return transactions.list(
        READ
            + """
            WHERE dead_letter_id < ? AND (?::text IS NULL OR state = ?)
              AND (?::text IS NULL OR source = ?) AND (?::text IS NULL OR type = ?)
            ORDER BY dead_letter_id DESC LIMIT ?""",
        DeadLetters::letter,
        before,
        filter.state(),
        filter.state(),
        filter.source(),
        filter.source(),
        filter.type(),
        filter.type(),
        limit);
  }

  /**
   * Closes an open letter for good: what it is about is never applied.
   *
   * @param by who does
   * @return whether it was open
   */
  public boolean discard(long id, String by, String reason) {
    boolean[] tried = {false};
    return transactions.run(
        connection -> {
          boolean before = tried[0];
          tried[0] = true;
          // The commit of an attempt before, whose answer was lost, may have done it.
          return Transactions.update(connection, DISCARD, by, reason, id) == 1
              || (before && isDiscarded(connection, id, by, reason));
        });
  }

  private static boolean isDiscarded(Connection connection, long id, String by, String reason)
      throws SQLException {
    return !Transactions.list(
            connection,
            """
            SELECT FROM dead_letter WHERE dead_letter_id = ? AND state = 'discarded'
              AND closed_by = ? AND closed_reason = ?""",
            row -> true,
            id,
            by,
            reason)
        .isEmpty();
  }

  /** The number of the newest letter; 0 for none. */
  public long newest() {
    return number("SELECT coalesce(max(dead_letter_id), 0) FROM dead_letter");
  }

  /** How many letters can be redriven. */
  public long open() {
    return number(
        "SELECT count(*) FROM dead_letter WHERE state = 'open' AND event_seq IS NOT NULL");
  }

  private long number(String sql) {
    return transactions.list(sql, row -> row.getLong(1)).getFirst();
  }

  private static Letter letter(ResultSet row) throws SQLException {
    return new Letter(
        row.getLong("dead_letter_id"),
        (Long) row.getObject("event_seq"),
        row.getString("source"),
        row.getString("id"),
        row.getString("type"),
        row.getString("origin"),
        row.getString("reason"),
        row.getString("body"),
        row.getString("state"),
        row.getInt("redrives"),
        Times.at(row, "created_at"),
        Times.orNull(row, "closed_at"),
        row.getString("closed_by"),
        row.getString("closed_reason"));
  }
}
