package points.connect.postgres;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keeps how backtests stand, so that any process can tell. Thread-safe. */
public final class Backtests {

  /**
   * A backtest.
   *
   * @param state {@code running}, {@code done} or {@code failed}; the last one too where nobody has
   *     said anything for a minute, as its process must be gone
   * @param done how many events were looked at
   * @param all how many there are
   * @param result JSON: what it found, or {@code why} it failed; null while there is none
   */
  public record Test(
      UUID id,
      String rule,
      String author,
      Instant from,
      Instant until,
      String state,
      long done,
      long all,
      @Nullable String result,
      Instant createdAt,
      Instant updatedAt) {}

  private final Transactions transactions;

  /** The backtests of a database. */
  public Backtests(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Begins one. */
  public void begin(
      UUID id, String rule, String yaml, String author, Instant from, Instant until, long all) {
    transactions.run(
        connection ->
            Transactions.update(
                connection,
                """
                INSERT INTO backtest
                  (backtest_id, rule, yaml, author, from_time, until_time, events_all)
                VALUES (?, ?, ?, ?, ?::timestamptz, ?::timestamptz, ?)""",
                id,
                rule,
                yaml,
                author,
                from.toString(),
                until.toString(),
                all));
  }

  /**
   * Says how far it is.
   *
   * @param result JSON; null while it runs
   */
  public void progress(UUID id, String state, long done, @Nullable String result) {
    transactions.run(
        connection ->
            Transactions.update(
                connection,
                """
                UPDATE backtest SET state = ?, events_done = ?, result = ?::json,
                  updated_at = clock_timestamp()
                WHERE backtest_id = ?""",
                state,
                done,
                result,
                id));
  }

  /** One of them; null for none. */
  public @Nullable Test find(UUID id) {
    List<Test> found =
        transactions.list(
            """
            SELECT *, CASE WHEN state = 'running' AND updated_at < clock_timestamp() - interval '1 min'
                      THEN 'failed' ELSE state END AS state_now
            FROM backtest WHERE backtest_id = ?""",
            row ->
                new Test(
                    row.getObject("backtest_id", UUID.class),
                    row.getString("rule"),
                    row.getString("author"),
                    Times.at(row, "from_time"),
                    Times.at(row, "until_time"),
                    row.getString("state_now"),
                    row.getLong("events_done"),
                    row.getLong("events_all"),
                    row.getString("result"),
                    Times.at(row, "created_at"),
                    Times.at(row, "updated_at")),
            id);
    return found.isEmpty() ? null : found.getFirst();
  }

  /**
   * What a rule gave for these events, by account: as it was decided, also where it was cancelled
   * later, or refused by Points. A draft is judged in the same way.
   */
  public Map<String, Long> given(String rule, List<Long> events) {
    return transactions.run(
        connection -> {
          Map<String, Long> given = new HashMap<>();
          Transactions.list(
              connection,
              """
                SELECT account, sum(points) FROM reward_action
                WHERE event_seq = ANY (?) AND rule = ? AND code IS DISTINCT FROM 'no_dispatcher'
                GROUP BY account""",
              row -> given.put(row.getString(1), row.getLong(2)),
              connection.createArrayOf("bigint", events.toArray()),
              rule);
          return given;
        });
  }
}
