package points.service.postgres;

/** How connections of the write path are set up. */
public final class LedgerConnections {
  /**
   * Run on every new connection of the write path. All of its statements are sets of index
   * look-ups; the statistics of tables that grow by thousands of rows a second do not reliably say
   * so, hence plans without them. The timeouts see to it that a process which was stopped in the
   * middle of a batch does not hold its accounts for ever. A batch sees one state of everything,
   * and fails if an account that it writes has moved on since: see {@link PostgresLedger}.
   */
  public static final String SET_UP =
      """
      SET jit = off; SET enable_seqscan = off; SET enable_hashjoin = off;
      SET enable_mergejoin = off; SET plan_cache_mode = force_generic_plan;
      SET default_transaction_isolation = 'repeatable read';
      SET lock_timeout = '3s'; SET statement_timeout = '20s';
      SET idle_in_transaction_session_timeout = '10s'""";

  private LedgerConnections() {}
}
