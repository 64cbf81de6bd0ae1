package points.connect.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import points.connect.rules.Allowances;
import points.connect.rules.Decision;
import points.connect.rules.Period;
import points.connect.rules.Proposal;
import points.connect.rules.Reversal;
import points.connect.rules.RewardAction;
import points.kit.Pipeline;

/**
 * What has to be known to decide a batch, locked for its transaction: cancellations that came
 * before, what cancelling events take back, and how the counters of limits stand. Most batches need
 * none of it, and then it costs no round trip.
 */
final class Standing {

  /** The key of an event, by which cancelling and earlier events meet. */
  record Key(String name, String key) {}

  /** What is asked to be taken back, by which event and rule. */
  record Cancelling(long seq, String rule, int revision, Key key, Reversal reversal) {
    Taking taking() {
      return new Taking(
          seq,
          rule,
          revision,
          Set.copyOf(reversal.rules()),
          reversal.policy().wire(),
          reversal.reason());
    }
  }

  /**
   * Which event takes back by which rule, and how.
   *
   * @param rules only what these gave; empty for all
   */
  record Taking(
      long seq, String rule, int revision, Set<String> rules, String policy, String reason) {
    boolean covers(String given) {
      return rules.isEmpty() || rules.contains(given);
    }
  }

  /**
   * An action that is taken back.
   *
   * @param tombstone whether it was cancelled before it came, so that nothing was given
   */
  record TakenBack(UUID action, Taking by, boolean tombstone) {}

  private static final String LOCK_KEYS =
      "SELECT count(pg_advisory_xact_lock(k)) FROM unnest(?::bigint[]) AS u(k)";

  private static final String CANCELLATIONS =
      """
      SELECT name, key, event_seq, rule, revision, rules, policy, reason
      FROM unnest(?::text[], ?::text[]) AS u(name, key) JOIN cancellation USING (name, key)
      ORDER BY event_seq, rule""";

  private static final String EARLIER =
      """
      SELECT k.name, k.key, a.action_id, a.rule
      FROM unnest(?::text[], ?::text[]) AS u(name, key)
      JOIN event_key k USING (name, key) LEFT JOIN reward_action a ON a.event_seq = k.event_seq""";

  private static final String OPEN_ALLOWANCES =
      """
      INSERT INTO allowance (rule, account, every, start, count, points)
      SELECT rule, account, every, start::date, 0, 0
      FROM unnest(?::text[], ?::text[], ?::text[], ?::text[]) AS u(rule, account, every, start)
      ON CONFLICT DO NOTHING""";

  private static final String LOCK_ALLOWANCES =
      """
      SELECT a.rule, a.account, a.every, a.start::text, a.count, a.points
      FROM unnest(?::text[], ?::text[], ?::text[], ?::text[]) AS u(rule, account, every, start)
      JOIN allowance a ON a.rule = u.rule AND a.account = u.account AND a.every = u.every
        AND a.start = u.start::date
      ORDER BY a.rule, a.account, a.every, a.start FOR UPDATE OF a""";

  private final Allowances allowances = new Allowances();
  private final Map<Key, List<Taking>> cancelled = new HashMap<>();
  private final List<Cancelling> cancelling = new ArrayList<>();
  private final List<TakenBack> takenBack = new ArrayList<>();

  /** The keys under which both are there: a cancelling event, and what it cancels. */
  private final Set<Key> met = new HashSet<>();

  private final Set<Key> awaited = new LinkedHashSet<>();

  private Standing() {}

  static Standing read(Connection connection, List<Deciding.Proposed> proposals)
      throws SQLException {
    Standing standing = new Standing();
    SortedSet<Allowances.Key> counters = new TreeSet<>();
    Set<Key> own = new LinkedHashSet<>();
    for (Deciding.Proposed proposed : proposals) {
      counters.addAll(proposed.proposal().allowances());
      proposed.proposal().keys().forEach((name, key) -> own.add(new Key(name, key)));
      standing.addCancelling(proposed);
    }
    Pipeline pipeline = new Pipeline();
    standing.addKeys(pipeline, own);
    standing.addAllowances(pipeline, counters);
    pipeline.run(connection);
    return standing;
  }

  private void addCancelling(Deciding.Proposed proposed) {
    for (Proposal.Match match : proposed.proposal().cancelling()) {
      Reversal reversal = match.activation().rule().rule().reverses();
      String name = match.activation().rule().keyName();
      String key = match.cancellingKey();
      if (reversal != null && name != null && key != null) {
        Key meeting = new Key(name, key);
        Cancelling one =
            new Cancelling(
                proposed.seq(), match.rule(), match.activation().revision(), meeting, reversal);
        cancelling.add(one);
        // An event of this very batch sees it as one that came before.
        remember(meeting, one.taking());
      }
    }
  }

  /** The keys of earlier events for which cancelling ones were waiting. */
  Set<Key> awaited() {
    return awaited;
  }

  /** Whether what it cancels has not come yet. */
  boolean isWaiting(Cancelling one) {
    return !met.contains(one.key());
  }

  private void remember(Key key, Taking taking) {
    cancelled.computeIfAbsent(key, k -> new ArrayList<>()).add(taking);
  }

  private void addKeys(Pipeline pipeline, Set<Key> own) {
    Set<Key> cancels = new LinkedHashSet<>();
    cancelling.forEach(c -> cancels.add(c.key()));
    cancels.stream().filter(own::contains).forEach(met::add);
    SortedSet<Long> locks = new TreeSet<>();
    own.forEach(key -> locks.add(lockOf(key)));
    cancels.forEach(key -> locks.add(lockOf(key)));
    if (locks.isEmpty()) {
      return;
    }
    // Else a cancellation and what it cancels, decided at the same time, would miss each other.
    pipeline.update(LOCK_KEYS, List.of(Params.longs(locks)));
    if (!own.isEmpty()) {
      pipeline.query(
          CANCELLATIONS,
          keyParams(own),
          row -> {
            Key key = new Key(row.getString(1), row.getString(2));
            awaited.add(key);
            remember(
                key,
                new Taking(
                    row.getLong(3),
                    row.getString(4),
                    row.getInt(5),
                    Set.of((String[]) row.getArray(6).getArray()),
                    row.getString(7),
                    row.getString(8)));
          });
    }
    if (!cancels.isEmpty()) {
      pipeline.query(
          EARLIER,
          keyParams(cancels),
          row -> {
            Key key = new Key(row.getString(1), row.getString(2));
            met.add(key);
            if (row.getObject(3) != null) {
              takeBack(key, row.getObject(3, UUID.class), row.getString(4));
            }
          });
    }
  }

  static List<Pipeline.Param> keyParams(Set<Key> keys) {
    return List.of(Params.column("text", keys, Key::name), Params.column("text", keys, Key::key));
  }

  private void takeBack(Key key, UUID action, String rule) {
    for (Cancelling by : cancelling) {
      if (by.key().equals(key) && by.reversal().covers(rule)) {
        takenBack.add(new TakenBack(action, by.taking(), false));
      }
    }
  }

  /** A number for an advisory lock: FNV-1a, 64 bits. That two keys share one does no harm. */
  private static long lockOf(Key key) {
    long hash = 0xcbf29ce484222325L;
    String text = key.name() + "\n" + key.key();
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  private void addAllowances(Pipeline pipeline, SortedSet<Allowances.Key> counters) {
    if (counters.isEmpty()) {
      return;
    }
    List<Pipeline.Param> params =
        List.of(
            Params.column("text", counters, Allowances.Key::rule),
            Params.column("text", counters, Allowances.Key::account),
            Params.column("text", counters, k -> k.every().wire()),
            Params.column("text", counters, k -> k.start().toString()));
    pipeline.update(OPEN_ALLOWANCES, params);
    pipeline.query(
        LOCK_ALLOWANCES,
        params,
        row ->
            allowances.set(
                new Allowances.Key(
                    row.getString(1),
                    Period.valueOf(row.getString(3).toUpperCase(java.util.Locale.ROOT)),
                    java.time.LocalDate.parse(row.getString(4)),
                    row.getString(2)),
                new Allowances.Used(row.getLong(5), row.getLong(6))));
  }

  Allowances allowances() {
    return allowances;
  }

  /** Whether what a rule gives for this event was cancelled before it came. */
  boolean isCancelled(Deciding.Proposed proposed, String rule) {
    return cancelledBy(proposed, rule) != null;
  }

  private @Nullable Taking cancelledBy(Deciding.Proposed proposed, String rule) {
    for (var key : proposed.proposal().keys().entrySet()) {
      for (Taking taking :
          cancelled.getOrDefault(new Key(key.getKey(), key.getValue()), List.of())) {
        if (taking.covers(rule)) {
          return taking;
        }
      }
    }
    return null;
  }

  /** Notes of what was cancelled before it came which event did. */
  void bury(Deciding.Proposed proposed, Decision decision) {
    for (RewardAction action : decision.actions()) {
      Taking taking =
          RewardAction.CANCELLED.equals(action.refusal())
              ? cancelledBy(proposed, action.rule())
              : null;
      if (taking != null) {
        takenBack.add(new TakenBack(action.id(), taking, true));
      }
    }
  }

  List<Cancelling> cancelling() {
    return cancelling;
  }

  List<TakenBack> takenBack() {
    return takenBack;
  }
}
