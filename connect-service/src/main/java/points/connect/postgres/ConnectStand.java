package points.connect.postgres;

/** What stands in the database, for metrics. Thread-safe. */
public final class ConnectStand {

  /**
   * How it stands.
   *
   * @param pending RewardActions that are to be sent
   * @param oldestSeconds for how long the oldest of them has been waiting
   * @param others RewardActions of other types than points that wait for their dispatchers
   * @param dead RewardActions that somebody has to look at
   * @param refused RewardActions that Points, or another dispatcher, has refused
   * @param letters open dead letters
   * @param reversals that are waiting
   * @param reversalsFailed that were refused, or that somebody has to look at
   */
  public record Stand(
      double pending,
      double oldestSeconds,
      double others,
      double dead,
      double refused,
      double letters,
      double reversals,
      double reversalsFailed) {}

  private static final String READ =
      """
      SELECT (SELECT count(*) FROM reward_action WHERE state = 'pending' AND type = 'points'),
             (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)
              FROM reward_action WHERE state = 'pending' AND type = 'points'),
             (SELECT count(*) FROM reward_action WHERE state = 'pending' AND type <> 'points'),
             (SELECT count(*) FROM reward_action WHERE state = 'dead'),
             (SELECT count(*) FROM reward_action
              WHERE state = 'refused' AND code IS DISTINCT FROM 'cancelled'),
             (SELECT count(*) FROM dead_letter WHERE state = 'open'),
             (SELECT count(*) FROM reversal WHERE state = 'pending'),
             (SELECT count(*) FROM reversal WHERE state IN ('refused', 'dead'))""";

  private final Transactions transactions;

  /** Reads this database. */
  public ConnectStand(Transactions transactions) {
    this.transactions = transactions;
  }

  /** How it stands now. */
  public Stand read() {
    return transactions
        .list(
            READ,
            row ->
                new Stand(
                    row.getDouble(1),
                    row.getDouble(2),
                    row.getDouble(3),
                    row.getDouble(4),
                    row.getDouble(5),
                    row.getDouble(6),
                    row.getDouble(7),
                    row.getDouble(8)))
        .getFirst();
  }
}
