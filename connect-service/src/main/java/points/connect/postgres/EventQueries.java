package points.connect.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads events. Thread-safe. */
public final class EventQueries {

  /**
   * An event as it is kept.
   *
   * @param seq its number here
   * @param body all of it as JSON
   * @param state {@code processed} or {@code dead}
   * @param ruleset the newest activation when it was decided; 0 for none
   */
  public record EventRow(
      long seq,
      String source,
      String id,
      String type,
      Instant time,
      String publisher,
      String body,
      String state,
      long ruleset,
      Instant receivedAt) {}

  /** What a limit kept back of an event's awards. */
  public record CutRow(
      String rule, int rewardIndex, String account, long wanted, long granted, String by) {}

  /**
   * What a cancelling event takes back.
   *
   * @param rule by which it does
   * @param event the type of the earlier event
   * @param key by which that is found
   * @param waiting whether it has not come yet
   */
  public record CancellationRow(String rule, String event, String key, boolean waiting) {}

  private static final String COLUMNS =
      "SELECT event_seq, source, id, type, time, publisher, body, state, ruleset, received_at";

  private final Transactions transactions;

  /** Reads this database. */
  public EventQueries(Transactions transactions) {
    this.transactions = transactions;
  }

  /** The event of this name; null for none. */
  public @Nullable EventRow find(String source, String id) {
    List<EventRow> found =
        transactions.list(
            COLUMNS + " FROM event WHERE source = ? AND id = ?", EventQueries::row, source, id);
    return found.isEmpty() ? null : found.getFirst();
  }

  /** What limits kept back of an event's awards. */
  public List<CutRow> cuts(long seq) {
    return transactions.list(
        """
        SELECT rule, reward_index, account, wanted, granted, by_limit FROM cut
        WHERE event_seq = ? ORDER BY rule, reward_index, account""",
        row ->
            new CutRow(
                row.getString(1),
                row.getInt(2),
                row.getString(3),
                row.getLong(4),
                row.getLong(5),
                row.getString(6)),
        seq);
  }

  /** What an event cancels. */
  public List<CancellationRow> cancellations(long seq) {
    return transactions.list(
        """
        SELECT rule, split_part(name, E'\\n', 1), key, waiting FROM cancellation
        WHERE event_seq = ? ORDER BY rule""",
        row ->
            new CancellationRow(
                row.getString(1), row.getString(2), row.getString(3), row.getBoolean(4)),
        seq);
  }

  /** How many cancellations have found nothing so far. */
  public long waiting() {
    return transactions
        .list("SELECT count(*) FROM cancellation WHERE waiting", row -> row.getLong(1))
        .getFirst();
  }

  /** How many events of a type have a time in a period, dead ones included. */
  public long count(String type, Instant from, Instant until) {
    return transactions
        .list(
            """
            SELECT count(*) FROM event WHERE type = ?
            AND time >= ?::timestamptz AND time < ?::timestamptz""",
            row -> row.getLong(1),
            type,
            from.toString(),
            until.toString())
        .getFirst();
  }

  /**
   * Events of a type whose time is in a period, dead ones included, in the order of their times.
   *
   * @param after the last one that was read; null for the beginning
   */
  public List<EventRow> page(
      String type, Instant from, Instant until, @Nullable EventRow after, int limit) {
    Instant time = after == null ? Instant.EPOCH : after.time();
    return transactions.list(
        COLUMNS
            + """
             FROM event WHERE type = ?
            AND time >= greatest(?::timestamptz, ?::timestamptz) AND time < ?::timestamptz
            AND (time, event_seq) > (?::timestamptz, ?)
            ORDER BY time, event_seq LIMIT ?""",
        EventQueries::row,
        type,
        from.toString(),
        time.toString(),
        until.toString(),
        time.toString(),
        after == null ? 0L : after.seq(),
        limit);
  }

  static EventRow row(ResultSet row) throws SQLException {
    return new EventRow(
        row.getLong("event_seq"),
        row.getString("source"),
        row.getString("id"),
        row.getString("type"),
        Times.at(row, "time"),
        row.getString("publisher"),
        row.getString("body"),
        row.getString("state"),
        row.getLong("ruleset"),
        Times.at(row, "received_at"));
  }
}
