package points.connect.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import points.kit.BulkInsert;
import points.kit.Pipeline;

/**
 * Compares RewardActions with the credits that Points has for us, and what is taken back of them.
 * Both are read from Points' own stream of events, each once, and kept beside the actions.
 * Thread-safe.
 */
public final class Reconciliation {

  /** A credit that Points has for us. */
  public record PointsCredit(
      UUID transaction, String externalId, String account, long points, Instant createdAt) {}

  /**
   * What Points has taken back for us.
   *
   * @param credit the transaction that it takes back
   */
  public record PointsReversal(
      UUID transaction,
      UUID credit,
      String externalId,
      String account,
      long points,
      Instant createdAt) {}

  /**
   * A stretch of Points' stream.
   *
   * @param credits those of ours in it
   * @param reversals those of ours in it
   * @param next what comes after it
   * @param more whether there may be more after it
   */
  public record Stretch(
      List<PointsCredit> credits, List<PointsReversal> reversals, String next, boolean more) {}

  /** Reads the stretch after a position; null for the beginning. */
  public interface Stream {
    /** Reads it. */
    Stretch after(@Nullable String position);
  }

  /**
   * A difference.
   *
   * @param kind {@code credit_missing}, {@code credit_differs}, {@code credit_unknown} or {@code
   *     credit_twice}, and the same of reversals
   * @param action null where no action belongs to what Points has
   * @param transaction of Points
   * @param account as it is here
   * @param points as they are here
   * @param creditAccount as it is at Points
   * @param creditPoints as they are at Points
   */
  public record Difference(
      String kind,
      @Nullable UUID action,
      @Nullable UUID transaction,
      @Nullable String account,
      @Nullable Long points,
      @Nullable String creditAccount,
      @Nullable Long creditPoints) {}

  /** How many of something there are, and how many points they are together. */
  public record Sum(long count, long points) {}

  /**
   * How much there is on either side.
   *
   * @param actions credited here
   * @param credits credited at Points
   * @param inFlight actions that are to be sent
   * @param reversed taken back here
   * @param reversals taken back at Points
   * @param reversalsInFlight that are to be sent, or wait for their credit
   */
  public record Sums(
      Sum actions,
      Sum credits,
      long inFlight,
      Sum reversed,
      Sum reversals,
      long reversalsInFlight) {}

  private static final BulkInsert<PointsCredit> CREDITS =
      new BulkInsert<PointsCredit>("points_credit")
          .column("transaction_id", "uuid", PointsCredit::transaction)
          .column("external_id", "text", PointsCredit::externalId)
          .column("account", "text", PointsCredit::account)
          .column("points", "bigint", PointsCredit::points)
          .column("created_at", "timestamptz", PointsCredit::createdAt);

  private static final BulkInsert<PointsReversal> REVERSALS =
      new BulkInsert<PointsReversal>("points_reversal")
          .column("transaction_id", "uuid", PointsReversal::transaction)
          .column("credit_id", "uuid", PointsReversal::credit)
          .column("external_id", "text", PointsReversal::externalId)
          .column("account", "text", PointsReversal::account)
          .column("points", "bigint", PointsReversal::points)
          .column("created_at", "timestamptz", PointsReversal::createdAt);

  /** An external id is an action's id, and after a retry a dot and a number. */
  private static final String ACTION_OF =
      """
      CASE WHEN c.external_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\\.[0-9]+)?$'
      THEN split_part(c.external_id, '.', 1)::uuid END""";

  /**
   * What was settled after the stream was read to its end is not missing. Nor is what was settled
   * shortly before: the stream waits for transactions that began earlier.
   */
  private static final String DIFFERENCES =
      """
      SELECT 'credit_missing', a.action_id, a.transaction_id, a.account, a.points,
             NULL::text, NULL::bigint
      FROM reward_action a LEFT JOIN points_credit c USING (transaction_id)
      WHERE a.state IN ('credited', 'reversed') AND c.transaction_id IS NULL
        AND a.type = 'points' AND a.settled_at < ?::timestamptz - interval '10 s'
      UNION ALL
      SELECT 'credit_differs', a.action_id, a.transaction_id, a.account, a.points,
             c.account, c.points
      FROM reward_action a JOIN points_credit c USING (transaction_id)
      WHERE (a.account, a.points) IS DISTINCT FROM (c.account, c.points)
      UNION ALL
      SELECT 'credit_unknown', a.action_id, c.transaction_id, a.account, a.points,
             c.account, c.points
      FROM points_credit c LEFT JOIN reward_action a ON a.action_id = %1$s
      WHERE a.action_id IS NULL OR a.state IN ('refused', 'dead')
      UNION ALL
      SELECT 'credit_twice', a.action_id, c.transaction_id, a.account, a.points,
             c.account, c.points
      FROM points_credit c JOIN reward_action a ON a.action_id = %1$s
      WHERE a.transaction_id IS NOT NULL AND a.transaction_id <> c.transaction_id
      UNION ALL
      SELECT 'reversal_missing', a.action_id, r.transaction_id, a.account, r.points,
             NULL::text, NULL::bigint
      FROM reversal r JOIN reward_action a USING (action_id)
      LEFT JOIN points_reversal p ON p.transaction_id = r.transaction_id
      WHERE r.state = 'done' AND a.type = 'points' AND p.transaction_id IS NULL
        AND r.settled_at < ?::timestamptz - interval '10 s'
      UNION ALL
      SELECT 'reversal_differs', a.action_id, r.transaction_id, a.account, r.points,
             p.account, p.points
      FROM reversal r JOIN reward_action a USING (action_id)
      JOIN points_reversal p ON p.transaction_id = r.transaction_id
      WHERE (a.account, r.points, a.transaction_id)
            IS DISTINCT FROM (p.account, p.points, p.credit_id)
      UNION ALL
      SELECT 'reversal_unknown', a.action_id, p.transaction_id, a.account, r.points,
             p.account, p.points
      FROM points_reversal p LEFT JOIN reward_action a ON a.transaction_id = p.credit_id
      LEFT JOIN reversal r ON r.action_id = a.action_id
      WHERE r.action_id IS NULL OR r.state IN ('refused', 'dead', 'void')
      UNION ALL
      SELECT 'reversal_twice', a.action_id, p.transaction_id, a.account, r.points,
             p.account, p.points
      FROM points_reversal p JOIN reward_action a ON a.transaction_id = p.credit_id
      JOIN reversal r ON r.action_id = a.action_id
      WHERE r.transaction_id IS NOT NULL AND r.transaction_id <> p.transaction_id
      LIMIT ?"""
          .formatted(ACTION_OF);

  private static final String SUMS =
      """
      SELECT a.count, a.points, c.count, c.points,
             (SELECT count(*) FROM reward_action WHERE state = 'pending' AND type = 'points'),
             r.count, r.points, p.count, p.points,
             (SELECT count(*) FROM reversal r JOIN reward_action a USING (action_id)
              WHERE r.state = 'pending' AND a.type = 'points')
      FROM (SELECT count(*), coalesce(sum(points), 0) AS points FROM reward_action
            WHERE state IN ('credited', 'reversed') AND type = 'points') a,
           (SELECT count(*), coalesce(sum(points), 0) AS points FROM points_credit) c,
           (SELECT count(*), coalesce(sum(r.points), 0) AS points
            FROM reversal r JOIN reward_action a USING (action_id)
            WHERE r.state = 'done' AND a.type = 'points') r,
           (SELECT count(*), coalesce(sum(points), 0) AS points FROM points_reversal) p""";

  private final Transactions transactions;

  /** Compares in this database. */
  public Reconciliation(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Reads on in Points' stream.
   *
   * @return whether there may be more
   */
  public boolean readOn(Stream stream) {
    return transactions.run(
        connection -> {
          String position =
              Transactions.list(
                      connection,
                      "SELECT position FROM points_position FOR UPDATE",
                      row -> java.util.Optional.ofNullable(row.getString(1)))
                  .getFirst()
                  .orElse(null);
          Stretch stretch = stream.after(position);
          keep(connection, stretch);
          return stretch.more();
        });
  }

  private static void keep(Connection connection, Stretch stretch) throws SQLException {
    Pipeline pipeline = new Pipeline();
    CREDITS.addTo(pipeline, stretch.credits(), "ON CONFLICT DO NOTHING", row -> {});
    REVERSALS.addTo(pipeline, stretch.reversals(), "ON CONFLICT DO NOTHING", row -> {});
    pipeline.run(connection);
    Transactions.update(connection, "UPDATE points_position SET position = ?", stretch.next());
  }

  /**
   * What does not match.
   *
   * @param readAt up to when the stream had been read
   * @param limit how many at most
   */
  public List<Difference> differences(Instant readAt, int limit) {
    return transactions.list(
        DIFFERENCES,
        row ->
            new Difference(
                row.getString(1),
                row.getObject(2, UUID.class),
                row.getObject(3, UUID.class),
                row.getString(4),
                (Long) row.getObject(5),
                row.getString(6),
                (Long) row.getObject(7)),
        readAt.toString(),
        readAt.toString(),
        limit);
  }

  /** The time by the database's clock, which is that of the actions. */
  public Instant now() {
    return transactions
        .list("SELECT clock_timestamp() AS now", row -> Times.at(row, "now"))
        .getFirst();
  }

  /** How much there is on either side, and how much is on its way. */
  public Sums sums() {
    return transactions
        .list(
            SUMS,
            row ->
                new Sums(
                    sum(row, 1),
                    sum(row, 3),
                    row.getLong(5),
                    sum(row, 6),
                    sum(row, 8),
                    row.getLong(10)))
        .getFirst();
  }

  private static Sum sum(ResultSet row, int column) throws SQLException {
    return new Sum(row.getLong(column), row.getLong(column + 1));
  }
}
