package points.connect.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import points.connect.rules.Allowances;
import points.connect.rules.Decision;
import points.connect.rules.RewardAction;
import points.kit.BulkInsert;
import points.kit.Pipeline;

/** Writes what was decided and commits it, in one round trip. */
final class Recording {
  private record Action(long seq, RewardAction action) {}

  private record Cut(long seq, Decision.Cut cut) {}

  private record Cancellation(Standing.Cancelling by, boolean waiting) {}

  private record EventKey(long seq, String name, String key) {}

  private static final BulkInsert<Action> ACTIONS =
      new BulkInsert<Action>("reward_action")
          .column("action_id", "uuid", a -> a.action().id())
          .column("event_seq", "bigint", Action::seq)
          .column("rule", "text", a -> a.action().rule())
          .column("revision", "integer", a -> a.action().revision())
          .column("reward_index", "integer", a -> a.action().rewardIndex())
          .column("account", "text", a -> a.action().account())
          .column("type", "text", a -> a.action().type())
          .column("points", "bigint", a -> a.action().points())
          .column("reason", "text", a -> a.action().reason())
          .column("available_at", "timestamptz", a -> a.action().availableAt())
          .column("expires_at", "timestamptz", a -> a.action().expiresAt())
          .column("state", "text", a -> a.action().refusal() == null ? "pending" : "refused")
          .column("change", "text", a -> "decide")
          .column("code", "text", a -> a.action().refusal());

  private static final BulkInsert<Cut> CUTS =
      new BulkInsert<Cut>("cut")
          .column("event_seq", "bigint", Cut::seq)
          .column("rule", "text", c -> c.cut().rule())
          .column("reward_index", "integer", c -> c.cut().award().rewardIndex())
          .column("account", "text", c -> c.cut().award().account())
          .column("wanted", "bigint", c -> c.cut().award().points())
          .column("granted", "bigint", c -> c.cut().granted())
          .column("by_limit", "text", c -> c.cut().by().describe());

  private static final BulkInsert<EventKey> KEYS =
      new BulkInsert<EventKey>("event_key")
          .column("name", "text", EventKey::name)
          .column("key", "text", EventKey::key)
          .column("event_seq", "bigint", EventKey::seq);

  private static final BulkInsert<Cancellation> CANCELLATIONS =
      new BulkInsert<Cancellation>("cancellation")
          .column("name", "text", c -> c.by().key().name())
          .column("key", "text", c -> c.by().key().key())
          .column("event_seq", "bigint", c -> c.by().seq())
          .column("rule", "text", c -> c.by().rule())
          .column("revision", "integer", c -> c.by().revision())
          .column(
              "rules",
              "text",
              "coalesce(string_to_array(nullif(%s, ''), ','), '{}')",
              c -> String.join(",", c.by().reversal().rules()))
          .column("policy", "text", c -> c.by().reversal().policy().wire())
          .column("reason", "text", c -> c.by().reversal().reason())
          .column("waiting", "boolean", Cancellation::waiting);

  private static final BulkInsert<Standing.TakenBack> REVERSALS =
      new BulkInsert<Standing.TakenBack>("reversal")
          .column("action_id", "uuid", Standing.TakenBack::action)
          .column("event_seq", "bigint", t -> t.by().seq())
          .column("rule", "text", t -> t.by().rule())
          .column("revision", "integer", t -> t.by().revision())
          .column("policy", "text", t -> t.by().policy())
          .column("reason", "text", t -> t.by().reason())
          .column("state", "text", t -> t.tombstone() ? "void" : "pending");

  private static final BulkInsert<Deciding.Dead> DEAD_LETTERS =
      new BulkInsert<Deciding.Dead>("dead_letter")
          .column("event_seq", "bigint", d -> d.event().seq())
          .column("source", "text", d -> d.event().event().source())
          .column("id", "text", d -> d.event().event().id())
          .column("type", "text", d -> d.event().event().type())
          .column("origin", "text", d -> d.event().publisher())
          .column("reason", "text", Deciding.Dead::reason)
          .column("body", "text", d -> d.event().event().body());

  /** What fails again when it is redriven has a letter already. */
  private static final String STILL_DEAD =
      """
      ON CONFLICT (event_seq) WHERE state = 'open'
      DO UPDATE SET reason = EXCLUDED.reason, redrives = dead_letter.redrives + 1""";

  private static final String COUNT =
      """
      UPDATE allowance a SET count = a.count + u.count, points = a.points + u.points
      FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[])
        AS u(rule, account, every, start, count, points)
      WHERE a.rule = u.rule AND a.account = u.account AND a.every = u.every
        AND a.start = u.start::date""";

  private static final String MARK_DEAD =
      "UPDATE event SET state = 'dead' WHERE event_seq = ANY (?::bigint[]) AND state <> 'dead'";

  private static final String MEET =
      """
      UPDATE cancellation c SET waiting = false
      FROM unnest(?::text[], ?::text[]) AS u(name, key)
      WHERE c.name = u.name AND c.key = u.key AND c.waiting""";

  private Recording() {}

  static void writeAndCommit(
      Connection connection,
      List<Deciding.Decided> decided,
      List<Deciding.Dead> dead,
      Standing standing,
      Consumer<Pipeline> last)
      throws SQLException {
    Pipeline pipeline = new Pipeline();
    List<Action> actions = new ArrayList<>();
    List<Cut> cuts = new ArrayList<>();
    List<EventKey> keys = new ArrayList<>();
    for (Deciding.Decided one : decided) {
      long seq = one.event().seq();
      one.decision().actions().forEach(action -> actions.add(new Action(seq, action)));
      one.decision().cuts().forEach(cut -> cuts.add(new Cut(seq, cut)));
      one.event().proposal().keys().forEach((n, k) -> keys.add(new EventKey(seq, n, k)));
    }
    KEYS.addTo(pipeline, keys, "ON CONFLICT DO NOTHING", row -> {});
    CANCELLATIONS.addTo(
        pipeline,
        standing.cancelling().stream()
            .map(by -> new Cancellation(by, standing.isWaiting(by)))
            .toList());
    if (!standing.awaited().isEmpty()) {
      pipeline.update(MEET, Standing.keyParams(standing.awaited()));
    }
    ACTIONS.addTo(pipeline, actions);
    CUTS.addTo(pipeline, cuts);
    REVERSALS.addTo(
        pipeline, standing.takenBack(), "ON CONFLICT (action_id) DO NOTHING", row -> {});
    DEAD_LETTERS.addTo(pipeline, dead, STILL_DEAD, row -> {});
    if (!dead.isEmpty()) {
      pipeline.update(MARK_DEAD, List.of(Params.column("bigint", dead, d -> d.event().seq())));
    }
    addCounts(pipeline, standing.allowances().added());
    last.accept(pipeline);
    pipeline.update("COMMIT", List.of());
    pipeline.run(connection);
  }

  static void addCounts(Pipeline pipeline, Map<Allowances.Key, Allowances.Used> added) {
    if (added.isEmpty()) {
      return;
    }
    var sorted = new TreeMap<>(added);
    var keys = sorted.keySet();
    pipeline.update(
        COUNT,
        List.of(
            Params.column("text", keys, Allowances.Key::rule),
            Params.column("text", keys, Allowances.Key::account),
            Params.column("text", keys, k -> k.every().wire()),
            Params.column("text", keys, k -> k.start().toString()),
            Params.column("bigint", sorted.values(), Allowances.Used::count),
            Params.column("bigint", sorted.values(), Allowances.Used::points)));
  }
}
