package points.connect.postgres;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import points.kit.Pipeline;

/** Makes parameters out of collections, an array for each column. */
final class Params {
  private Params() {}

  static <T> Pipeline.Param column(
      String type, Collection<? extends T> rows, Function<T, @Nullable Object> value) {
    List<@Nullable Object> values = new ArrayList<>(rows.size());
    rows.forEach(row -> values.add(value.apply(row)));
    return new Pipeline.Param(type, values);
  }

  static Pipeline.Param texts(Collection<String> values) {
    return new Pipeline.Param("text", List.copyOf(values));
  }

  static Pipeline.Param longs(Collection<Long> values) {
    return new Pipeline.Param("bigint", List.copyOf(values));
  }
}
