package points.connect.postgres;

import java.util.SortedSet;
import points.connect.rules.Allowances;

/** Reads how counters stand, without locking them: for what is only tried. Thread-safe. */
public final class AllowanceQueries {
  private final Transactions transactions;

  /** Reads this database. */
  public AllowanceQueries(Transactions transactions) {
    this.transactions = transactions;
  }

  /** How these counters stand now. */
  public Allowances standing(SortedSet<Allowances.Key> keys) {
    Allowances allowances = new Allowances();
    for (Allowances.Key key : keys) {
      transactions
          .list(
              """
              SELECT count, points FROM allowance
              WHERE rule = ? AND account = ? AND every = ? AND start = ?::date""",
              row -> new Allowances.Used(row.getLong(1), row.getLong(2)),
              key.rule(),
              key.account(),
              key.every().wire(),
              key.start().toString())
          .forEach(used -> allowances.set(key, used));
    }
    return allowances;
  }
}
