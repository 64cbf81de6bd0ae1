package points.connect.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import points.connect.rules.CheckedRule;
import points.connect.rules.Event;
import points.connect.rules.Limit;
import points.connect.rules.Reversal;
import points.kit.Pipeline;

/**
 * What a rule that comes into force has to know of the past, and nobody has kept so far: how much
 * has been given, where it is the first of its name with such a limit; and the keys of earlier
 * events, where it is the first that finds them in its way. Each is worked out once. Thread-safe.
 */
final class Hindsight {
  private static final Logger LOG = LoggerFactory.getLogger(Hindsight.class);
  private static final int TOGETHER = 1_000;

  /** So many events are read in no time, while none is decided. */
  private static final long FEW = 2_000;

  /**
   * What a rule has given, as far as limits count it: refused by nobody but Points. The day is that
   * of the event in UTC, as in {@link points.connect.rules.Period}.
   */
  private static final String COUNT =
      """
      INSERT INTO allowance (rule, account, every, start, count, points)
      SELECT k.rule, CASE k.per WHEN 'all' THEN '' ELSE a.account END, k.every,
             CASE k.every WHEN 'ever' THEN date '1970-01-01'
               ELSE date_trunc(k.every, e.time AT TIME ZONE 'UTC')::date END,
             count(*), sum(a.points)::bigint
      FROM (SELECT ?::text AS rule, ?::text AS per, ?::text AS every) k
      JOIN reward_action a ON a.rule = k.rule AND NOT (a.state = 'refused' AND a.change = 'decide')
      JOIN event e USING (event_seq)
      GROUP BY 1, 2, 3, 4
      ON CONFLICT (rule, account, every, start)
        DO UPDATE SET count = excluded.count, points = excluded.points""";

  private static final String EVENTS =
      """
      SELECT event_seq, body, time FROM event
      WHERE type = ? AND event_seq > ? AND event_seq <= ? ORDER BY event_seq LIMIT ?""";

  private static final String KEYS =
      """
      INSERT INTO event_key (name, key, event_seq)
      SELECT * FROM unnest(?::text[], ?::text[], ?::bigint[]) ON CONFLICT DO NOTHING""";

  private record Past(long seq, String body, Instant time) {}

  private record Key(String name, String key, long seq) {}

  private final Transactions transactions;
  private final BiFunction<String, Instant, @Nullable Event> reader;

  /**
   * Reads and completes this database.
   *
   * @param reader gives what rules see of a stored event; null where its data does not fit
   */
  Hindsight(Transactions transactions, BiFunction<String, Instant, @Nullable Event> reader) {
    this.transactions = transactions;
    this.reader = reader;
  }

  /**
   * Does most of it, while events are being decided.
   *
   * @return up to which event it has come, to be passed on to {@link #complete}
   */
  long prepare(CheckedRule rule) {
    String name = rule.keyName();
    if (name == null || isKnown(name)) {
      return 0;
    }
    LOG.info("{} finds earlier events in a new way: noting their keys", rule.rule().name());
    long done = 0;
    while (true) {
      // Under the lock nobody is deciding: what has a lower number is committed.
      long newest =
          transactions.run(
              connection -> {
                RuleStore.lock(connection);
                return newest(connection);
              });
      while (done < newest) {
        long after = done;
        done = transactions.run(connection -> note(connection, rule, after, newest));
      }
      if (transactions.run(Hindsight::newest) - done <= FEW) {
        return done;
      }
    }
  }

  /** Whether there is anything to be worked out; asked without a lock, as it rarely is. */
  boolean lacks(CheckedRule rule) {
    Set<String> counters =
        Set.copyOf(
            transactions.list(
                "SELECT per || ' ' || every FROM counter WHERE rule = ?",
                row -> row.getString(1),
                rule.rule().name()));
    String name = rule.keyName();
    return (name != null && !isKnown(name))
        || rule.limits().stream()
            .map(Limit::counter)
            .anyMatch(c -> !counters.contains(per(c) + " " + c.every().wire()));
  }

  private static String per(Limit.Counter counter) {
    return counter.scope().name().toLowerCase(Locale.ROOT);
  }

  private boolean isKnown(String name) {
    return !transactions
        .list("SELECT name FROM key_name WHERE name = ?", row -> row.getString(1), name)
        .isEmpty();
  }

  private static long newest(Connection connection) throws SQLException {
    return Transactions.list(
            connection, "SELECT coalesce(max(event_seq), 0) FROM event", row -> row.getLong(1))
        .getFirst();
  }

  /** Notes the keys of some events; returns up to which it has come. */
  private long note(Connection connection, CheckedRule rule, long after, long upTo)
      throws SQLException {
    Reversal reversal = rule.rule().reverses();
    String name = rule.keyName();
    if (reversal == null || name == null) {
      return upTo;
    }
    List<Past> events =
        Transactions.list(
            connection,
            EVENTS,
            row -> new Past(row.getLong(1), row.getString(2), Times.at(row, "time")),
            reversal.event(),
            after,
            upTo,
            TOGETHER);
    List<Key> keys = new ArrayList<>();
    for (Past past : events) {
      // Also of dead ones: they may be redriven by somebody who does not know this rule yet.
      Event facts = reader.apply(past.body(), past.time());
      String key = facts == null ? null : rule.earlierKey(facts);
      if (key != null) {
        keys.add(new Key(name, key, past.seq()));
      }
    }
    new Pipeline()
        .update(
            KEYS,
            List.of(
                Params.column("text", keys, Key::name),
                Params.column("text", keys, Key::key),
                Params.column("bigint", keys, Key::seq)))
        .run(connection);
    return events.size() < TOGETHER ? upTo : events.getLast().seq();
  }

  /**
   * Does the rest, in a transaction that has the lock under which nothing is decided.
   *
   * @param prepared what {@link #prepare} gave
   */
  void complete(Connection connection, CheckedRule rule, long prepared) throws SQLException {
    for (Limit limit : rule.limits()) {
      count(connection, rule.rule().name(), limit.counter());
    }
    String name = rule.keyName();
    Reversal reversal = rule.rule().reverses();
    if (name == null || reversal == null || !isNew(connection, name)) {
      return;
    }
    long newest = newest(connection);
    long done = prepared;
    while (done < newest) {
      done = note(connection, rule, done, newest);
    }
    // Names were made of the text as it was written once.
    int unused =
        Transactions.update(
            connection,
            "UPDATE cancellation SET name = ? WHERE name = ? AND name <> ?",
            name,
            reversal.event() + "\n" + reversal.matches(),
            name);
  }

  private static boolean isNew(Connection connection, String name) throws SQLException {
    return Transactions.update(
            connection, "INSERT INTO key_name (name) VALUES (?) ON CONFLICT DO NOTHING", name)
        == 1;
  }

  private static void count(Connection connection, String rule, Limit.Counter counter)
      throws SQLException {
    String per = per(counter);
    String every = counter.every().wire();
    int isNew =
        Transactions.update(
            connection,
            "INSERT INTO counter (rule, per, every) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            rule,
            per,
            every);
    if (isNew == 1) {
      int unused = Transactions.update(connection, COUNT, rule, per, every);
    }
  }
}
