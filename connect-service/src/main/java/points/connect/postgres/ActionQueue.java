package points.connect.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import points.kit.Pipeline;

/**
 * The RewardActions that are to be sent to Points. Rows stay locked while they are being sent, so
 * no two processes send the same one, and when a process dies they are free at once. Thread-safe.
 */
public final class ActionQueue {

  /**
   * An action to be credited.
   *
   * @param generation how many retries after a refusal came before
   * @param attempts how often it was sent in this generation without an answer
   */
  public record Due(
      UUID action,
      String account,
      long points,
      String reason,
      @Nullable Instant availableAt,
      @Nullable Instant expiresAt,
      String rule,
      int revision,
      int generation,
      int attempts,
      String eventId,
      String eventSource,
      String eventType) {

    /** The external id of the credit. */
    public String externalId() {
      return ActionQueue.externalId(action, generation);
    }
  }

  /** The external id of an action's credit. */
  static String externalId(UUID action, int generation) {
    return generation == 0 ? action.toString() : action + "." + generation;
  }

  /** A credit to be taken back. */
  public record DueReversal(
      UUID action,
      UUID transaction,
      String policy,
      String reason,
      String rule,
      int revision,
      int generation,
      int attempts,
      String eventId,
      String eventType) {}

  private static final String CLAIM =
      """
      SELECT a.action_id, a.account, a.points, a.reason, a.available_at, a.expires_at, a.rule,
             a.revision, a.generation, a.attempts, e.id, e.source, e.type
      FROM (
        SELECT * FROM reward_action
        WHERE state = 'pending' AND type = 'points' AND next_at <= clock_timestamp()
        ORDER BY next_at LIMIT ? FOR UPDATE SKIP LOCKED) a
      JOIN event e USING (event_seq)""";

  // What follows a claim names rows by their id alone. They are locked, and so still pending; a
  // condition on the state would offer the planner the index of all that is pending, to be read
  // once for every id, whenever the statistics come from a moment in which little was.

  private static final String SETTLE =
      """
      UPDATE reward_action a
      SET state = u.state, change = u.change, transaction_id = u.transaction_id::uuid,
          code = u.code, detail = u.detail, settled_at = clock_timestamp()
      FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
        AS u(action_id, state, change, transaction_id, code, detail)
      WHERE a.action_id = u.action_id""";

  private static final String POSTPONE =
      """
      UPDATE reward_action a
      SET attempts = a.attempts + 1, detail = u.detail,
          next_at = clock_timestamp() + u.millis * interval '1 millisecond'
      FROM unnest(?::uuid[], ?::bigint[], ?::text[]) AS u(action_id, millis, detail)
      WHERE a.action_id = u.action_id""";

  /** What is credited but no points is taken back by whoever gave it; see {@link Settling}. */
  private static final String CLAIM_REVERSALS =
      """
      SELECT r.action_id, a.transaction_id, r.policy, r.reason, r.rule, r.revision, r.generation,
             r.attempts, e.id, e.type, a.state
      FROM reversal r JOIN reward_action a USING (action_id) JOIN event e ON e.event_seq = r.event_seq
      WHERE r.state = 'pending' AND r.next_at <= clock_timestamp() AND a.state <> 'pending'
        AND (a.type = 'points' OR a.state <> 'credited')
      ORDER BY r.next_at LIMIT ? FOR UPDATE OF r SKIP LOCKED""";

  private static final String VOID =
      """
      UPDATE reversal SET state = 'void', settled_at = clock_timestamp()
      WHERE action_id = ANY (?::uuid[])""";

  private static final String SETTLE_REVERSALS =
      """
      UPDATE reversal r
      SET state = u.state, points = u.points, transaction_id = u.transaction_id::uuid,
          code = u.code, detail = u.detail, settled_at = clock_timestamp()
      FROM unnest(?::uuid[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[])
        AS u(action_id, state, points, transaction_id, code, detail)
      WHERE r.action_id = u.action_id""";

  private static final String REVERSE =
      """
      UPDATE reward_action SET state = 'reversed', change = 'reverse'
      WHERE action_id = ANY (?::uuid[]) AND state = 'credited'""";

  static final String REVERSE_ONE = REVERSE.replace("ANY (?::uuid[])", "?");

  private static final String POSTPONE_REVERSALS =
      """
      UPDATE reversal r
      SET attempts = r.attempts + 1, detail = u.detail,
          next_at = clock_timestamp() + u.millis * interval '1 millisecond'
      FROM unnest(?::uuid[], ?::bigint[], ?::text[]) AS u(action_id, millis, detail)
      WHERE r.action_id = u.action_id""";

  /** What was sent, and what became of it. */
  private record Sent<D>(D due, UUID action, Settlement settlement) {}

  private final Transactions transactions;

  /** The queue of a database. */
  public ActionQueue(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Sends what is due, and keeps what became of it.
   *
   * @param limit how many at most
   * @param send gets them, at least one, and answers for each, in their order
   * @return how many there were
   * @throws PointsAway if {@code send} did: all of them are still due, and know of the attempt
   */
  public int sendCredits(int limit, Function<List<Due>, List<Settlement>> send) {
    return transactions
        .run(
            connection -> {
              List<Due> due = list(connection, CLAIM, limit, ActionQueue::due);
              if (due.isEmpty()) {
                return Round.IDLE;
              }
              Answers answers = Answers.of(send, due);
              settleCredits(connection, sent(due, Due::action, answers));
              return new Round(due.size(), answers.away());
            })
        .countOrThrow();
  }

  /** The answers to what was sent; all alike, and the reason, where Points was away. */
  private record Answers(List<Settlement> settlements, @Nullable PointsAway away) {
    static <D> Answers of(Function<List<D>, List<Settlement>> send, List<D> due) {
      try {
        return new Answers(send.apply(due), null);
      } catch (PointsAway e) {
        return new Answers(
            Collections.nCopies(due.size(), new Settlement.Later(Duration.ZERO, e.detail())), e);
      }
    }
  }

  /** How much was sent, and whether Points was away. */
  private record Round(int count, @Nullable PointsAway away) {
    static final Round IDLE = new Round(0, null);

    int countOrThrow() {
      if (away != null) {
        throw away;
      }
      return count;
    }
  }

  private static <D> List<Sent<D>> sent(List<D> due, Function<D, UUID> id, Answers answers) {
    List<Sent<D>> sent = new ArrayList<>();
    for (int i = 0; i < due.size(); i++) {
      sent.add(new Sent<>(due.get(i), id.apply(due.get(i)), answers.settlements().get(i)));
    }
    return sent;
  }

  /** Takes back what is due, as {@link #sendCredits}. */
  public int sendReversals(int limit, Function<List<DueReversal>, List<Settlement>> send) {
    return transactions.run(connection -> sendReversals(connection, limit, send)).countOrThrow();
  }

  private static Round sendReversals(
      Connection connection, int limit, Function<List<DueReversal>, List<Settlement>> send)
      throws SQLException {
    @Nullable PointsAway away = null;
    List<UUID> neverCredited = new ArrayList<>();
    List<DueReversal> due = new ArrayList<>();
    list(
        connection,
        CLAIM_REVERSALS,
        limit,
        row -> {
          UUID transaction = row.getObject(2, UUID.class);
          if (transaction == null) {
            return neverCredited.add(row.getObject(1, UUID.class));
          }
          return due.add(dueReversal(row, transaction));
        });
    Pipeline pipeline = new Pipeline();
    if (!neverCredited.isEmpty()) {
      pipeline.update(VOID, List.of(new Pipeline.Param("uuid", neverCredited)));
    }
    if (!due.isEmpty()) {
      Answers answers = Answers.of(send, due);
      settleReversals(pipeline, sent(due, DueReversal::action, answers));
      away = answers.away();
    }
    pipeline.run(connection);
    return new Round(due.size() + neverCredited.size(), away);
  }

  private static void settleCredits(Connection connection, List<Sent<Due>> sent)
      throws SQLException {
    List<Sent<Due>> settled =
        sent.stream().filter(s -> !(s.settlement() instanceof Settlement.Later)).toList();
    Pipeline pipeline = new Pipeline();
    if (!settled.isEmpty()) {
      pipeline.update(
          SETTLE,
          List.of(
              Params.column("uuid", settled, Sent::action),
              Params.column("text", settled, s -> s.settlement().creditState()),
              Params.column("text", settled, s -> s.settlement().change()),
              Params.column("text", settled, s -> s.settlement().transaction()),
              Params.column("text", settled, s -> s.settlement().code()),
              Params.column("text", settled, s -> s.settlement().detail())));
    }
    postpone(pipeline, POSTPONE, sent);
    pipeline.run(connection);
  }

  private static void settleReversals(Pipeline pipeline, List<Sent<DueReversal>> sent) {
    List<Sent<DueReversal>> settled =
        sent.stream().filter(s -> !(s.settlement() instanceof Settlement.Later)).toList();
    if (!settled.isEmpty()) {
      pipeline.update(
          SETTLE_REVERSALS,
          List.of(
              Params.column("uuid", settled, Sent::action),
              Params.column("text", settled, s -> s.settlement().reversalState()),
              Params.column("bigint", settled, s -> s.settlement().points()),
              Params.column("text", settled, s -> s.settlement().transaction()),
              Params.column("text", settled, s -> s.settlement().code()),
              Params.column("text", settled, s -> s.settlement().detail())));
    }
    List<UUID> reversed =
        settled.stream()
            .filter(s -> s.settlement() instanceof Settlement.Done)
            .map(Sent::action)
            .toList();
    if (!reversed.isEmpty()) {
      pipeline.update(REVERSE, List.of(new Pipeline.Param("uuid", reversed)));
    }
    postpone(pipeline, POSTPONE_REVERSALS, sent);
  }

  private static <D> void postpone(Pipeline pipeline, String statement, List<Sent<D>> sent) {
    List<Sent<D>> later =
        sent.stream().filter(s -> s.settlement() instanceof Settlement.Later).toList();
    if (!later.isEmpty()) {
      pipeline.update(
          statement,
          List.of(
              Params.column("uuid", later, Sent::action),
              Params.column("bigint", later, s -> s.settlement().millis()),
              Params.column("text", later, s -> s.settlement().detail())));
    }
  }

  private interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private static <T> List<T> list(Connection connection, String sql, int limit, Reader<T> reader)
      throws SQLException {
    List<T> found = new ArrayList<>();
    try (var query = connection.prepareStatement(sql)) {
      query.setInt(1, limit);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          found.add(reader.read(rows));
        }
      }
    }
    return found;
  }

  private static Due due(ResultSet row) throws SQLException {
    return new Due(
        row.getObject(1, UUID.class),
        row.getString(2),
        row.getLong(3),
        row.getString(4),
        instant(row, 5),
        instant(row, 6),
        row.getString(7),
        row.getInt(8),
        row.getInt(9),
        row.getInt(10),
        row.getString(11),
        row.getString(12),
        row.getString(13));
  }

  private static DueReversal dueReversal(ResultSet row, UUID transaction) throws SQLException {
    return new DueReversal(
        row.getObject(1, UUID.class),
        transaction,
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getInt(6),
        row.getInt(7),
        row.getInt(8),
        row.getString(9),
        row.getString(10));
  }

  private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
