package points.kit;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Inserts many rows by one statement, a parameter per column: an array, or one value where all rows
 * have the same, as PostgreSQL unfolds each array by itself. Columns that are null in every row are
 * left out: most rows of a ledger use few of them. Thread-safe.
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

  /**
   * From so many rows on a value that all of them share is sent once. With fewer it is chance which
   * columns share one, and each combination is a statement to prepare; a single row is always the
   * same.
   */
  private static final int SHARING_MIN = 8;

  /**
   * Which columns a statement has.
   *
   * @param used those that are not null in every row
   * @param shared those of them that have one value for all rows
   */
  private record Shape(BitSet used, BitSet shared) {}

  private final String table;
  private final String always;
  private final String alwaysValue;
  private final List<Column<T>> columns = new ArrayList<>();
  private final Map<Shape, String> statements = new ConcurrentHashMap<>();

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
    Shape shape = new Shape(new BitSet(columns.size()), new BitSet(columns.size()));
    List<Pipeline.Param> params = new ArrayList<>(columns.size());
    List<Pipeline.Param> arrays = new ArrayList<>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      Column<T> column = columns.get(i);
      List<@Nullable Object> values = values(rows, column);
      Object first = values.getFirst();
      boolean same = allAre(values, first);
      if (same && first == null) {
        continue;
      }
      shape.used().set(i);
      if (same && first != null && mayShare(rows.size(), arrays)) {
        shape.shared().set(i);
        params.add(Pipeline.Param.one(column.type(), first));
      } else {
        arrays.add(new Pipeline.Param(column.type(), values));
      }
    }
    params.addAll(arrays); // PostgreSQL reads the selected values before it comes to the arrays
    String insert = statements.computeIfAbsent(shape, this::statement);
    pipeline.query(clause.isEmpty() ? insert : insert + "\n" + clause, params, returned);
  }

  /** Of several rows at least one column is an array: it says how many they are. */
  private static boolean mayShare(int rows, List<Pipeline.Param> arrays) {
    return rows == 1 || (rows >= SHARING_MIN && !arrays.isEmpty());
  }

  private static boolean allAre(List<@Nullable Object> values, @Nullable Object first) {
    for (Object value : values) {
      if (!Objects.equals(value, first)) {
        return false;
      }
    }
    return true;
  }

  private static <T> List<@Nullable Object> values(Collection<? extends T> rows, Column<T> column) {
    List<@Nullable Object> values = new ArrayList<>(rows.size());
    for (T row : rows) {
      values.add(column.value().apply(row));
    }
    return values;
  }

  private String statement(Shape shape) {
    List<String> names = new ArrayList<>();
    List<String> selected = new ArrayList<>();
    List<String> arrays = new ArrayList<>();
    for (int i = shape.used().nextSetBit(0); i >= 0; i = shape.used().nextSetBit(i + 1)) {
      Column<T> column = columns.get(i);
      names.add(column.name());
      if (shape.shared().get(i)) {
        selected.add(column.expression().formatted("?::" + column.type()));
      } else {
        selected.add(column.expression().formatted("u." + column.name()));
        arrays.add("unnest(?::" + column.type() + "[]) AS " + column.name());
      }
    }
    if (!always.isEmpty()) {
      names.add(always);
      selected.add(alwaysValue);
    }
    String rows =
        arrays.isEmpty() ? "" : "\nFROM (SELECT %s) AS u".formatted(String.join(", ", arrays));
    return "INSERT INTO %s (%s)\nSELECT %s%s"
        .formatted(table, String.join(", ", names), String.join(", ", selected), rows);
  }
}
