package points.connect.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads RewardActions. Thread-safe. */
public final class ActionQueries {

  /** A RewardAction as it stands, with its event's name and what is taken back of it. */
  public record ActionRow(
      UUID action,
      long eventSeq,
      String eventSource,
      String eventId,
      String eventType,
      String rule,
      int revision,
      int rewardIndex,
      String account,
      String type,
      long points,
      String reason,
      @Nullable Instant availableAt,
      @Nullable Instant expiresAt,
      String state,
      int generation,
      int attempts,
      Instant nextAt,
      @Nullable UUID transaction,
      @Nullable String reference,
      @Nullable String code,
      @Nullable String detail,
      Instant createdAt,
      @Nullable Instant settledAt,
      @Nullable ReversalRow reversal) {

    /** The external id of the credit. */
    public String externalId() {
      return ActionQueue.externalId(action, generation);
    }
  }

  /** What is taken back of an action, because of which event and rule. */
  public record ReversalRow(
      String state,
      String policy,
      String rule,
      int revision,
      String eventSource,
      String eventId,
      @Nullable Long points,
      int attempts,
      Instant nextAt,
      @Nullable UUID transaction,
      @Nullable String reference,
      @Nullable String code,
      @Nullable String detail,
      Instant createdAt,
      @Nullable Instant settledAt) {}

  /**
   * Which actions are asked for; null for any.
   *
   * @param reversal the state of what is taken back of it
   * @param source of the event
   * @param event the event's id
   */
  public record Filter(
      @Nullable String state,
      @Nullable String reversal,
      @Nullable String account,
      @Nullable String source,
      @Nullable String event,
      @Nullable String rule,
      @Nullable String type) {}

  /** Where a page ends: the next one has smaller ones. */
  public record Place(long eventSeq, UUID action) {}

  private static final String READ =
      """
      SELECT a.*, e.source AS event_source, e.id AS event_id, e.type AS event_type,
             r.state AS r_state, r.policy AS r_policy, r.rule AS r_rule, r.revision AS r_revision,
             r.points AS r_points, r.transaction_id AS r_transaction, r.code AS r_code,
             r.detail AS r_detail, r.attempts AS r_attempts, r.next_at AS r_next_at,
             r.reference AS r_reference, r.created_at AS r_created_at,
             r.settled_at AS r_settled_at, c.source AS r_source, c.id AS r_id
      FROM reward_action a JOIN event e USING (event_seq)
      LEFT JOIN reversal r USING (action_id) LEFT JOIN event c ON c.event_seq = r.event_seq
      """;

  private static final String BEFORE = "WHERE (a.event_seq, a.action_id) < (?, ?)";
  private static final String ORDER = " ORDER BY a.event_seq DESC, a.action_id DESC LIMIT ?";

  /**
   * Events are found by source and id. There are few sources: from each to the next one is a step
   * in the index, and looking for the id in each is another.
   */
  private static final String OF_ANY_SOURCE =
      """
      AND a.event_seq = ANY (ARRAY(
        WITH RECURSIVE sources AS (
          (SELECT source FROM event ORDER BY source LIMIT 1)
          UNION ALL
          SELECT (SELECT next.source FROM event next WHERE next.source > s.source
                  ORDER BY next.source LIMIT 1)
          FROM sources s WHERE s.source IS NOT NULL)
        SELECT named.event_seq FROM sources
        JOIN event named ON named.source = sources.source AND named.id = ?))""";

  private final Transactions transactions;

  /** Reads this database. */
  public ActionQueries(Transactions transactions) {
    this.transactions = transactions;
  }

  /** One action; null for none. */
  public @Nullable ActionRow find(UUID action) {
    List<ActionRow> found =
        transactions.list(READ + "WHERE a.action_id = ?", ActionQueries::row, action);
    return found.isEmpty() ? null : found.getFirst();
  }

  /** The actions of an event, by rule and reward. */
  public List<ActionRow> ofEvent(long seq) {
    return transactions.list(
        READ + "WHERE a.event_seq = ? ORDER BY a.rule, a.reward_index, a.account",
        ActionQueries::row,
        seq);
  }

  /** The actions that an event takes back. */
  public List<ActionRow> takenBackBy(long seq) {
    return transactions.list(
        READ + "WHERE r.event_seq = ? ORDER BY a.rule, a.reward_index, a.account",
        ActionQueries::row,
        seq);
  }

  /**
   * A page of actions, those of the newest events first.
   *
   * @param before where the page before ended; null for the first
   */
  public List<ActionRow> page(Filter filter, @Nullable Place before, int limit) {
    // Only the conditions that are asked for: the planner finds the index of each.
    StringBuilder query = new StringBuilder(READ).append(BEFORE);
    List<Object> params = new ArrayList<>();
    params.add(before == null ? (Object) Long.MAX_VALUE : (Object) before.eventSeq());
    params.add(before == null ? new UUID(-1L, -1L) : before.action());
    restrict(query, params, "a.state", filter.state());
    restrict(query, params, "r.state", filter.reversal());
    restrict(query, params, "a.account", filter.account());
    restrict(query, params, "e.source", filter.source());
    if (filter.event() != null && filter.source() == null) {
      query.append(' ').append(OF_ANY_SOURCE);
      params.add(filter.event());
    } else {
      restrict(query, params, "e.id", filter.event());
    }
    restrict(query, params, "a.rule", filter.rule());
    restrict(query, params, "a.type", filter.type());
    params.add(limit);
    return transactions.list(query.append(ORDER).toString(), ActionQueries::row, params.toArray());
  }

  private static void restrict(
      StringBuilder query, List<Object> params, String column, @Nullable String value) {
    if (value != null) {
      query.append(" AND ").append(column).append(" = ?");
      params.add(value);
    }
  }

  private static ActionRow row(ResultSet row) throws SQLException {
    return new ActionRow(
        row.getObject("action_id", UUID.class),
        row.getLong("event_seq"),
        row.getString("event_source"),
        row.getString("event_id"),
        row.getString("event_type"),
        row.getString("rule"),
        row.getInt("revision"),
        row.getInt("reward_index"),
        row.getString("account"),
        row.getString("type"),
        row.getLong("points"),
        row.getString("reason"),
        Times.orNull(row, "available_at"),
        Times.orNull(row, "expires_at"),
        row.getString("state"),
        row.getInt("generation"),
        row.getInt("attempts"),
        Times.at(row, "next_at"),
        row.getObject("transaction_id", UUID.class),
        row.getString("reference"),
        row.getString("code"),
        row.getString("detail"),
        Times.at(row, "created_at"),
        Times.orNull(row, "settled_at"),
        reversal(row));
  }

  private static @Nullable ReversalRow reversal(ResultSet row) throws SQLException {
    String state = row.getString("r_state");
    return state == null
        ? null
        : new ReversalRow(
            state,
            row.getString("r_policy"),
            row.getString("r_rule"),
            row.getInt("r_revision"),
            row.getString("r_source"),
            row.getString("r_id"),
            (Long) row.getObject("r_points"),
            row.getInt("r_attempts"),
            Times.at(row, "r_next_at"),
            row.getObject("r_transaction", UUID.class),
            row.getString("r_reference"),
            row.getString("r_code"),
            row.getString("r_detail"),
            Times.at(row, "r_created_at"),
            Times.orNull(row, "r_settled_at"));
  }
}
