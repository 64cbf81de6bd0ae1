package points.connect.postgres;

import java.sql.Array;
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
      @Nullable Instant closedAt) {

    /** Whether it can be decided again. */
    public boolean isRedrivable() {
      return eventSeq != null && state.equals("open");
    }
  }

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

  /** An event that fails has no actions. */
  private static final String OUTCOME =
      """
      SELECT (SELECT count(*) FROM event WHERE state = 'dead' AND event_seq = ANY (?)),
             (SELECT count(*) FROM reward_action
              WHERE code IS NULL AND event_seq = ANY (?))""";

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
   * @param letters how many were closed
   * @param failedAgain for how many of them there is a new one
   * @param actions how many RewardActions came of it that are to be sent
   */
  public record Redriven(long last, int letters, int failedAgain, int actions) {
    /** Nothing was there to be redriven. */
    public static final Redriven NOTHING = new Redriven(0, 0, 0, 0);

    /** With what came after it. */
    public Redriven plus(Redriven next) {
      return new Redriven(
          Math.max(last, next.last),
          letters + next.letters,
          failedAgain + next.failedAgain,
          actions + next.actions);
    }
  }

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
    List<Stored> tried = new ArrayList<>();
    return transactions.run(connection -> redrive(connection, after, upTo, limit, tried));
  }

  private Redriven redrive(
      Connection connection, long after, long upTo, int limit, List<Stored> tried)
      throws SQLException {
    Transactions.list(connection, RuleStore.LOCK_SHARED, row -> true);
    List<Stored> open =
        Transactions.list(connection, OPEN, DeadLetters::stored, after, upTo, limit);
    if (open.isEmpty() && !tried.isEmpty()) {
      // The commit of the attempt before, whose answer was lost, has done it.
      return redriven(connection, tried);
    }
    if (open.isEmpty()) {
      return Redriven.NOTHING;
    }
    tried.clear();
    tried.addAll(open);
    long ruleset =
        Transactions.list(connection, RuleStore.NEWEST, row -> row.getLong(1)).getFirst();
    List<Intake.Numbered> events = new ArrayList<>();
    for (Stored stored : open) {
      events.add(new Intake.Numbered(stored.seq(), reader.apply(stored), stored.publisher()));
    }
    Array letters = array(connection, open, Stored::letter);
    Array seqs = array(connection, open, Stored::seq);
    Transactions.update(connection, CLOSE, letters);
    Transactions.update(connection, REVIVE, ruleset, seqs);
    int unused = deciding.decideAndCommit(connection, events, rules.atLeast(connection, ruleset));
    return redriven(connection, open);
  }

  private static Redriven redriven(Connection connection, List<Stored> letters)
      throws SQLException {
    Array seqs = array(connection, letters, Stored::seq);
    return Transactions.list(
            connection,
            OUTCOME,
            row ->
                new Redriven(
                    letters.getLast().letter(), letters.size(), row.getInt(1), row.getInt(2)),
            seqs,
            seqs)
        .getFirst();
  }

  private static Array array(
      Connection connection, List<Stored> letters, Function<Stored, Long> column)
      throws SQLException {
    return connection.createArrayOf("bigint", letters.stream().map(column).toArray());
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
