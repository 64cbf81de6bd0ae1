package points.connect.postgres;

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
          new Pipeline()
              .query(
                  READ,
                  params,
                  row ->
                      allowances.set(
                          new Allowances.Key(
                              row.getString(1),
                              Period.valueOf(row.getString(3).toUpperCase(Locale.ROOT)),
                              LocalDate.parse(row.getString(4)),
                              row.getString(2)),
                          new Allowances.Used(row.getLong(5), row.getLong(6))))
              .run(connection);
          return allowances;
        });
  }
}
