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
   * @param state {@code running}, {@code done} or {@code failed}
   * @param done how many events were looked at
   * @param all how many there are
   * @param result JSON; null while there is none
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
            "SELECT * FROM backtest WHERE backtest_id = ?",
            row ->
                new Test(
                    row.getObject("backtest_id", UUID.class),
                    row.getString("rule"),
                    row.getString("author"),
                    Times.at(row, "from_time"),
                    Times.at(row, "until_time"),
                    row.getString("state"),
                    row.getLong("events_done"),
                    row.getLong("events_all"),
                    row.getString("result"),
                    Times.at(row, "created_at"),
                    Times.at(row, "updated_at")),
            id);
    return found.isEmpty() ? null : found.getFirst();
  }

  /** What a rule gave for these events, by account; without what was refused. */
  public Map<String, Long> given(String rule, List<Long> events) {
    Map<String, Long> given = new HashMap<>();
    transactions.run(
        connection ->
            Transactions.list(
                connection,
                """
                SELECT account, sum(points) FROM reward_action
                WHERE event_seq = ANY (?) AND rule = ? AND state <> 'refused' GROUP BY account""",
                row -> given.put(row.getString(1), row.getLong(2)),
                connection.createArrayOf("bigint", events.toArray()),
                rule));
    return given;
  }
}
