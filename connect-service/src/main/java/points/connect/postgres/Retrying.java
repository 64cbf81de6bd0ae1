package points.connect.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import points.connect.rules.Award;
import points.connect.rules.Decision;
import points.connect.rules.Event;
import points.connect.rules.Proposal;
import points.connect.rules.Reward;
import points.connect.rules.RewardAction;
import points.connect.rules.RuleBook;
import points.kit.Pipeline;

/**
 * Lets a person have an action sent once more that was refused or given up, or taken back once more
 * where that was. What was cancelled stays so. Thread-safe.
 */
public final class Retrying {

  /** What became of a retry. */
  public sealed interface Retried {
    /** It is going to be sent. */
    record Yes() implements Retried {}

    /** There is no such action. */
    record Unknown() implements Retried {}

    /** It stays as it is. */
    record Impossible(String why) implements Retried {}
  }

  private static final String ONLY_FAILED = "only what was refused or given up can be sent again";
  private static final String CANCELLED = "its event was cancelled";

  private static final String LOCK =
      """
      SELECT a.*, e.source AS event_source, e.id AS event_id, e.type AS event_type, e.time,
             (SELECT state FROM reversal r WHERE r.action_id = a.action_id) AS reversal
      FROM reward_action a JOIN event e USING (event_seq)
      WHERE a.action_id = ? FOR UPDATE OF a""";

  /** A refusal is remembered at Points, so it takes another external id; nothing else is. */
  private static final String RETRY =
      """
      UPDATE reward_action SET state = 'pending', change = 'retry', attempts = 0, code = NULL,
        detail = NULL, reference = NULL, settled_at = NULL, next_at = clock_timestamp(),
        generation = generation
          + CASE WHEN state = 'refused' AND code IS DISTINCT FROM 'no_dispatcher' THEN 1 ELSE 0 END
      WHERE action_id = ? AND state IN ('refused', 'dead')""";

  private static final String RETRY_REVERSAL =
      """
      UPDATE reversal SET state = 'pending', attempts = 0, code = NULL, detail = NULL,
        reference = NULL, settled_at = NULL, next_at = clock_timestamp(),
        generation = generation + CASE state WHEN 'refused' THEN 1 ELSE 0 END
      WHERE action_id = ? AND state IN ('refused', 'dead')""";

  private record Stand(
      Event event,
      long seq,
      String rule,
      int revision,
      int rewardIndex,
      String account,
      String type,
      long points,
      String state,
      @Nullable String code,
      @Nullable String reversal) {}

  private final Transactions transactions;
  private final RuleStore rules;
  private final Set<String> rewardTypes;
  private final InstantSource clock;

  /**
   * Retries actions of this database.
   *
   * @param rewardTypes that somebody dispatches
   */
  public Retrying(
      Transactions transactions, RuleStore rules, Set<String> rewardTypes, InstantSource clock) {
    this.transactions = transactions;
    this.rules = rules;
    this.rewardTypes = Set.copyOf(rewardTypes);
    this.clock = clock;
  }

  /** Retries one. */
  public Retried retry(UUID action) {
    boolean[] tried = {false};
    return transactions.run(
        connection -> {
          boolean before = tried[0];
          Transactions.list(connection, RuleStore.LOCK_SHARED, row -> true);
          List<Stand> found = Transactions.list(connection, LOCK, Retrying::stand, action);
          if (found.isEmpty()) {
            return new Retried.Unknown();
          }
          String why = objection(connection, found.getFirst());
          if (why != null) {
            // The commit of an earlier attempt, whose answer was lost, has done it.
            return before ? new Retried.Yes() : new Retried.Impossible(why);
          }
          tried[0] = true;
          int unused =
              Transactions.update(connection, RETRY, action)
                  + Transactions.update(connection, RETRY_REVERSAL, action);
          return new Retried.Yes();
        });
  }

  /** Why it cannot be retried; null where it can, and then it is counted where it was not yet. */
  private @Nullable String objection(Connection connection, Stand stand) throws SQLException {
    String reversal = stand.reversal();
    boolean isCancelled = reversal != null || RewardAction.CANCELLED.equals(stand.code());
    return switch (stand.state()) {
      case "refused", "dead" -> {
        if (isCancelled) {
          yield CANCELLED;
        }
        if (!rewardTypes.contains(stand.type())) {
          yield "nobody takes rewards of the type " + stand.type() + ", see rewards.types";
        }
        yield RewardAction.NO_DISPATCHER.equals(stand.code()) ? count(connection, stand) : null;
      }
      case "credited" -> {
        boolean failed = "refused".equals(reversal) || "dead".equals(reversal);
        yield failed ? null : isCancelled ? CANCELLED : ONLY_FAILED;
      }
      default -> isCancelled ? CANCELLED : ONLY_FAILED;
    };
  }

  /** Nobody took it when it was decided, so no limit has counted it. */
  private @Nullable String count(Connection connection, Stand stand) throws SQLException {
    long newest = Transactions.list(connection, RuleStore.NEWEST, row -> row.getLong(1)).getFirst();
    RuleBook.Activation activation =
        rules.atLeast(connection, newest).activationOf(stand.rule(), stand.revision());
    if (activation == null) {
      return "its rule cannot be read any more";
    }
    Reward reward = activation.rule().rule().rewards().get(stand.rewardIndex());
    Award award = new Award(stand.rewardIndex(), reward, stand.account(), stand.points());
    Proposal proposal =
        new Proposal(
            stand.event(),
            List.of(new Proposal.Match(activation, List.of(award), null)),
            Map.of(),
            null);
    Standing standing =
        Standing.read(connection, List.of(new Deciding.Proposed(stand.seq(), proposal)));
    Decision decision =
        Decision.of(
            proposal,
            standing.allowances(),
            new Decision.Terms(clock.instant(), rule -> false, rewardTypes));
    if (!decision.cuts().isEmpty()) {
      return "a limit leaves no room for it: " + decision.cuts().getFirst().by().describe();
    }
    Pipeline pipeline = new Pipeline();
    Recording.addCounts(pipeline, standing.allowances().added());
    pipeline.run(connection);
    return null;
  }

  private static Stand stand(ResultSet row) throws SQLException {
    Instant time = Times.at(row, "time");
    return new Stand(
        new Event(
            row.getString("event_source"),
            row.getString("event_id"),
            row.getString("event_type"),
            time,
            Map.of()),
        row.getLong("event_seq"),
        row.getString("rule"),
        row.getInt("revision"),
        row.getInt("reward_index"),
        row.getString("account"),
        row.getString("type"),
        row.getLong("points"),
        row.getString("state"),
        row.getString("code"),
        row.getString("reversal"));
  }
}
