package points.connect.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import points.kit.BulkInsert;
import points.kit.Pipeline;

/**
 * Compares RewardActions with the credits that Points has for us. The credits are read from Points'
 * own stream of events, each once, and kept beside the actions. Thread-safe.
 */
public final class Reconciliation {

  /** A credit that Points has for us. */
  public record PointsCredit(
      UUID transaction, String externalId, String account, long points, Instant createdAt) {}

  /**
   * A stretch of Points' stream.
   *
   * @param credits those of ours in it
   * @param next what comes after it
   * @param more whether there may be more after it
   */
  public record Stretch(List<PointsCredit> credits, String next, boolean more) {}

  /** Reads the stretch after a position; null for the beginning. */
  public interface Stream {
    /** Reads it. */
    Stretch after(@Nullable String position);
  }

  /**
   * A difference.
   *
   * @param kind {@code credit_missing}, {@code credit_differs}, {@code credit_unknown} or {@code
   *     credit_twice}
   * @param action null where no action belongs to the credit
   * @param transaction null where no credit belongs to the action
   */
  public record Difference(
      String kind,
      @Nullable UUID action,
      @Nullable UUID transaction,
      @Nullable String account,
      @Nullable Long points,
      @Nullable String creditAccount,
      @Nullable Long creditPoints) {}

  /** How much there is on either side. */
  public record Sums(
      long actions, long actionPoints, long credits, long creditPoints, long inFlight) {}

  private static final BulkInsert<PointsCredit> CREDITS =
      new BulkInsert<PointsCredit>("points_credit")
          .column("transaction_id", "uuid", PointsCredit::transaction)
          .column("external_id", "text", PointsCredit::externalId)
          .column("account", "text", PointsCredit::account)
          .column("points", "bigint", PointsCredit::points)
          .column("created_at", "timestamptz", PointsCredit::createdAt);

  /** An external id is an action's id, and after a retry a dot and a number. */
  private static final String ACTION_OF =
      """
      CASE WHEN c.external_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\\.[0-9]+)?$'
      THEN split_part(c.external_id, '.', 1)::uuid END""";

  /**
   * An action that was credited after the stream was read to its end is not missing. Nor is one
   * that was credited shortly before: the stream waits for transactions that began earlier.
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
      LIMIT ?"""
          .formatted(ACTION_OF);

  private static final String SUMS =
      """
      SELECT (SELECT count(*) FROM reward_action
              WHERE state IN ('credited', 'reversed') AND type = 'points'),
             (SELECT coalesce(sum(points), 0) FROM reward_action
              WHERE state IN ('credited', 'reversed') AND type = 'points'),
             (SELECT count(*) FROM points_credit),
             (SELECT coalesce(sum(points), 0) FROM points_credit),
             (SELECT count(*) FROM reward_action WHERE state = 'pending' AND type = 'points')""";

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
                    row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)))
        .getFirst();
  }
}
