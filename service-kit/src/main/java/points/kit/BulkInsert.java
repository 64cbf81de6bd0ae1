package points.kit;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Inserts many rows by one statement, a parameter per column. Columns that are null in every row
 * are left out: most rows of a ledger use few of them. Thread-safe.
 *
 * @param <T> what a row is made of
 */
public final class BulkInsert<T> {
  /**
   * A column.
   *
   * @param type the type that values are sent as
   * @param expression what is inserted, {@code %s} being the value sent
   */
  public record Column<T>(
      String name, String type, String expression, Function<T, @Nullable Object> value) {}

  private final String table;
  private final String always;
  private final String alwaysValue;
  private final List<Column<T>> columns = new ArrayList<>();
  private final Map<BitSet, String> statements = new ConcurrentHashMap<>();

  /** Into this table. */
  public BulkInsert(String table) {
    this(table, "", "");
  }

  /** With one more column whose value is an expression of PostgreSQL's own. */
  public BulkInsert(String table, String always, String alwaysValue) {
    this.table = table;
    this.always = always;
    this.alwaysValue = alwaysValue;
  }

  /** With a column more, whose value is inserted as it is. */
  public BulkInsert<T> column(String name, String type, Function<T, @Nullable Object> value) {
    return column(name, type, "%s", value);
  }

  /** With a column more, whose value goes into an expression. */
  public BulkInsert<T> column(
      String name, String type, String expression, Function<T, @Nullable Object> value) {
    columns.add(new Column<>(name, type, expression, value));
    return this;
  }

  /** Adds the insertion of {@code rows} to a pipeline, or nothing if there are none. */
  public void addTo(Pipeline pipeline, Collection<? extends T> rows) {
    addTo(pipeline, rows, "", row -> {});
  }

  /**
   * Adds the insertion of {@code rows}, in their order, or nothing if there are none.
   *
   * @param clause what follows the rows, such as {@code ON CONFLICT …} or {@code RETURNING …}
   * @param returned is given what that returns
   */
  public void addTo(
      Pipeline pipeline, Collection<? extends T> rows, String clause, Pipeline.Rows returned) {
    if (rows.isEmpty()) {
      return;
    }
    BitSet used = new BitSet(columns.size());
    List<Pipeline.Param> params = new ArrayList<>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      Column<T> column = columns.get(i);
      List<@Nullable Object> values = values(rows, column);
      if (values.stream().anyMatch(value -> value != null)) {
        used.set(i);
        params.add(new Pipeline.Param(column.type(), values));
      }
    }
    String insert = statements.computeIfAbsent(used, this::statement);
    pipeline.query(clause.isEmpty() ? insert : insert + "\n" + clause, params, returned);
  }

  private static <T> List<@Nullable Object> values(Collection<? extends T> rows, Column<T> column) {
    List<@Nullable Object> values = new ArrayList<>(rows.size());
    for (T row : rows) {
      values.add(column.value().apply(row));
    }
    return values;
  }

  private String statement(BitSet used) {
    List<Column<T>> some = used.stream().mapToObj(columns::get).toList();
    String names = join(some, ", ", Column::name);
    String values = join(some, ", ", c -> c.expression().formatted("u." + c.name()));
    return "INSERT INTO %s (%s%s)\nSELECT %s%s\nFROM unnest(%s) AS u(%s)"
        .formatted(
            table,
            names,
            always.isEmpty() ? "" : ", " + always,
            values,
            always.isEmpty() ? "" : ", " + alwaysValue,
            join(some, ", ", c -> "?::" + c.type() + "[]"),
            names);
  }

  private static <T> String join(
      List<Column<T>> columns, String separator, Function<Column<T>, String> part) {
    return columns.stream().map(part).collect(Collectors.joining(separator));
  }
}
