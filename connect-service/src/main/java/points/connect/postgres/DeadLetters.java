package points.connect.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import points.connect.events.IncomingEvent;

/** What could not be applied: looked at, and redriven once the cause is mended. Thread-safe. */
public final class DeadLetters {

  /**
   * One of them.
   *
   * @param eventSeq null where it could not even be kept as an event, so cannot be redriven
   * @param origin the publisher, or the place in Kafka
   * @param state {@code open} or {@code redriven}
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
      Instant createdAt,
      @Nullable Instant closedAt) {}

  private static final String READ =
      """
      SELECT dead_letter_id, event_seq, source, id, type, origin, reason, body, state, created_at,
             closed_at
      FROM dead_letter
      """;

  private static final String OPEN =
      """
      SELECT d.dead_letter_id, e.event_seq, e.body, e.time, e.publisher
      FROM dead_letter d JOIN event e USING (event_seq)
      WHERE d.state = 'open' AND d.dead_letter_id > ? AND d.dead_letter_id <= ?
      ORDER BY d.dead_letter_id LIMIT ? FOR UPDATE OF d, e""";

  private static final String CLOSE =
      """
      UPDATE dead_letter SET state = 'redriven', closed_at = clock_timestamp()
      WHERE dead_letter_id = ANY (?)""";

  private static final String REVIVE =
      "UPDATE event SET state = 'processed', ruleset = ? WHERE event_seq = ANY (?)";

  /**
   * A stored event that is to be decided again.
   *
   * @param body all of it as JSON
   */
  public record Stored(long letter, long seq, String body, Instant time, String publisher) {}

  /**
   * How a redrive went.
   *
   * @param last the number of the last letter; 0 for none
   * @param redriven how many letters were closed
   * @param actions how many RewardActions came of it that are to be sent
   */
  public record Redriven(long last, int redriven, int actions) {}

  private final Transactions transactions;
  private final RuleStore rules;
  private final Deciding deciding;
  private final Function<Stored, IncomingEvent> reader;

  /**
   * The dead letters of a database.
   *
   * @param reader reads a stored event again
   */
  public DeadLetters(
      Transactions transactions,
      RuleStore rules,
      Deciding deciding,
      Function<Stored, IncomingEvent> reader) {
    this.transactions = transactions;
    this.rules = rules;
    this.deciding = deciding;
    this.reader = reader;
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
   * @param state null for any
   * @param before where the page before ended
   */
  public List<Letter> page(@Nullable String state, long before, int limit) {
    return transactions.list(
        READ
            + """
            WHERE (?::text IS NULL OR state = ?) AND dead_letter_id < ?
            ORDER BY dead_letter_id DESC LIMIT ?""",
        DeadLetters::letter,
        state,
        state,
        before,
        limit);
  }

  /**
   * Decides again, by the rules as they are now, what open letters are about. What fails again
   * makes a new letter.
   *
   * @param after only letters with greater numbers
   * @param upTo only letters with numbers up to this
   * @param limit how many at most
   */
  public Redriven redrive(long after, long upTo, int limit) {
    long ruleset = rules.book().newest();
    return transactions.run(connection -> redrive(connection, ruleset, after, upTo, limit));
  }

  private Redriven redrive(Connection connection, long ruleset, long after, long upTo, int limit)
      throws SQLException {
    Transactions.list(connection, RuleStore.LOCK_SHARED, row -> true);
    List<Stored> open =
        Transactions.list(connection, OPEN, DeadLetters::stored, after, upTo, limit);
    if (open.isEmpty()) {
      return new Redriven(0, 0, 0);
    }
    List<Intake.Numbered> events = new ArrayList<>();
    for (Stored stored : open) {
      events.add(new Intake.Numbered(stored.seq(), reader.apply(stored), stored.publisher()));
    }
    Object[] letters = open.stream().map(Stored::letter).toArray();
    Object[] seqs = open.stream().map(Stored::seq).toArray();
    Transactions.update(connection, CLOSE, connection.createArrayOf("bigint", letters));
    Transactions.update(connection, REVIVE, ruleset, connection.createArrayOf("bigint", seqs));
    int actions = deciding.decideAndCommit(connection, events, rules.atLeast(connection, ruleset));
    return new Redriven(open.getLast().letter(), open.size(), actions);
  }

  private static Stored stored(ResultSet row) throws SQLException {
    return new Stored(
        row.getLong(1), row.getLong(2), row.getString(3), Times.at(row, "time"), row.getString(5));
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
        Times.at(row, "created_at"),
        Times.orNull(row, "closed_at"));
  }
}
