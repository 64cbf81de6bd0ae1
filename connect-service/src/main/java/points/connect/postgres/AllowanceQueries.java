package points.connect.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import points.connect.rules.Allowances;
import points.connect.rules.Period;
import points.kit.Pipeline;

/** Reads how counters stand, without locking them: for what is only tried. Thread-safe. */
public final class AllowanceQueries {
  private static final String READ =
      """
      SELECT rule, account, every, start::text, count, points
      FROM unnest(?::text[], ?::text[], ?::text[], ?::text[]) AS u(rule, account, every, day)
      JOIN allowance a USING (rule, account, every)
      WHERE a.start = u.day::date""";

  /** Of what nobody has counted so far, as no revision in force ever had such a limit. */
  private static final String COUNT =
      """
      SELECT u.rule, u.account, u.every, u.day, count(*), sum(a.points)::bigint
      FROM unnest(?::text[], ?::text[], ?::text[], ?::text[]) AS u(rule, account, every, day)
      JOIN reward_action a ON a.rule = u.rule AND (u.account = '' OR a.account = u.account)
        AND NOT (a.state = 'refused' AND a.change = 'decide')
      JOIN event e ON e.event_seq = a.event_seq
        AND CASE u.every WHEN 'ever' THEN true
          ELSE date_trunc(u.every, e.time AT TIME ZONE 'UTC')::date = u.day::date END
      WHERE NOT EXISTS (
        SELECT FROM counter c WHERE c.rule = u.rule AND c.every = u.every
          AND c.per = CASE u.account WHEN '' THEN 'all' ELSE 'account' END)
      GROUP BY 1, 2, 3, 4""";

  private final Transactions transactions;

  /** Reads this database. */
  public AllowanceQueries(Transactions transactions) {
    this.transactions = transactions;
  }

  /** How these counters stand now. */
  public Allowances standing(SortedSet<Allowances.Key> keys) {
    List<Pipeline.Param> params =
        List.of(
            Params.column("text", keys, Allowances.Key::rule),
            Params.column("text", keys, Allowances.Key::account),
            Params.column("text", keys, key -> key.every().wire()),
            Params.column("text", keys, key -> key.start().toString()));
    return transactions.run(
        connection -> {
          Allowances allowances = new Allowances();
          Pipeline.Rows reader = row -> set(allowances, row);
          new Pipeline().query(READ, params, reader).query(COUNT, params, reader).run(connection);
          return allowances;
        });
  }

  private static void set(Allowances allowances, ResultSet row) throws SQLException {
    allowances.set(
        new Allowances.Key(
            row.getString(1),
            Period.valueOf(row.getString(3).toUpperCase(Locale.ROOT)),
            LocalDate.parse(row.getString(4)),
            row.getString(2)),
        new Allowances.Used(row.getLong(5), row.getLong(6)));
  }
}
