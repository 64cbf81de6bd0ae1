package points.connect.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import points.connect.events.IncomingEvent;
import points.kit.Pipeline;

/** Decides again what open dead letters are about, by the rules as they are now. Thread-safe. */
public final class Redriving {
  private static final Logger LOG = LoggerFactory.getLogger(Redriving.class);

  private static final String OPEN =
      """
      SELECT d.dead_letter_id, e.event_seq, e.body, e.time, e.publisher
      FROM dead_letter d JOIN event e USING (event_seq)
      WHERE d.state = 'open' AND d.dead_letter_id > ? AND d.dead_letter_id <= ?
      ORDER BY d.dead_letter_id LIMIT ? FOR UPDATE OF d, e""";

  private static final String REVIVE =
      "UPDATE event SET state = 'processed', ruleset = ? WHERE event_seq = ANY (?)";

  /** Those that did not fail again. */
  private static final String CLOSE =
      """
      UPDATE dead_letter d SET state = 'redriven', closed_at = clock_timestamp(),
        closed_by = (?::text[])[1]
      FROM event e
      WHERE d.dead_letter_id = ANY (?::bigint[]) AND d.state = 'open'
        AND e.event_seq = d.event_seq AND e.state = 'processed'""";

  private static final String FAILED_AGAIN =
      """
      UPDATE dead_letter SET reason = ?, redrives = redrives + 1
      WHERE dead_letter_id = ? AND state = 'open'""";

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
   * Which letters are to be redriven.
   *
   * @param after only letters with greater numbers
   * @param upTo only letters with numbers up to this
   * @param limit how many at most
   * @param by who asks for it
   */
  public record Which(long after, long upTo, int limit, String by) {
    Which next(long last) {
      return new Which(last, upTo, 1, by);
    }
  }

  /**
   * How it went.
   *
   * @param last the number of the last letter; 0 for none
   * @param letters how many were decided again
   * @param failedAgain how many of them failed again, and stay open
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
   * The redriving of a database.
   *
   * @param reader reads a stored event again
   */
  public Redriving(
      Transactions transactions,
      RuleStore rules,
      Deciding deciding,
      Function<Stored, IncomingEvent> reader) {
    this.transactions = transactions;
    this.rules = rules;
    this.deciding = deciding;
    this.reader = reader;
  }

  /** Decides them again. A letter whose event fails again stays open, with the new reason. */
  public Redriven redrive(Which which) {
    try {
      return together(which);
    } catch (StoreUnavailable e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("redriving up to {} letters together failed; taking each by itself", which.limit());
      return oneByOne(which);
    }
  }

  /** A bug that one event brings out leaves its letter as it is, and must not stop the others. */
  private Redriven oneByOne(Which which) {
    Redriven all = Redriven.NOTHING;
    long last = which.after();
    for (int i = 0; i < which.limit(); i++) {
      Redriven one = single(which.next(last));
      if (one.letters() == 0) {
        break;
      }
      all = all.plus(one);
      last = one.last();
    }
    return all;
  }

  private Redriven single(Which which) {
    try {
      return together(which);
    } catch (StoreUnavailable e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      return transactions.run(
          connection -> {
            List<Stored> open = open(connection, which);
            if (open.isEmpty()) {
              return Redriven.NOTHING;
            }
            long letter = open.getFirst().letter();
            LOG.error("redriving letter {} brings out a bug", letter, e);
            int unused = Transactions.update(connection, FAILED_AGAIN, Deciding.bug(e), letter);
            return new Redriven(letter, 1, 1, 0);
          });
    }
  }

  private Redriven together(Which which) {
    List<Stored> tried = new ArrayList<>();
    return transactions.run(connection -> together(connection, which, tried));
  }

  private Redriven together(Connection connection, Which which, List<Stored> tried)
      throws SQLException {
    Transactions.list(connection, RuleStore.LOCK_SHARED, row -> true);
    List<Stored> open = open(connection, which);
    if (open.size() < tried.size()) {
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
    Transactions.update(connection, REVIVE, ruleset, seqs(connection, open));
    int unused =
        deciding.decideAndCommit(
            connection,
            events,
            rules.atLeast(connection, ruleset),
            pipeline -> close(pipeline, open, which.by()));
    return redriven(connection, open);
  }

  private static void close(Pipeline pipeline, List<Stored> letters, String by) {
    pipeline.update(
        CLOSE,
        List.of(Params.texts(List.of(by)), Params.column("bigint", letters, Stored::letter)));
  }

  private static List<Stored> open(Connection connection, Which which) throws SQLException {
    return Transactions.list(
        connection, OPEN, Redriving::stored, which.after(), which.upTo(), which.limit());
  }

  private static Redriven redriven(Connection connection, List<Stored> letters)
      throws SQLException {
    Array seqs = seqs(connection, letters);
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

  private static Array seqs(Connection connection, List<Stored> letters) throws SQLException {
    return connection.createArrayOf("bigint", letters.stream().map(Stored::seq).toArray());
  }

  private static Stored stored(ResultSet row) throws SQLException {
    return new Stored(
        row.getLong(1), row.getLong(2), row.getString(3), Times.at(row, "time"), row.getString(5));
  }
}
