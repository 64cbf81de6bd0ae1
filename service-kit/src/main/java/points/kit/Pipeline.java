package points.kit;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several statements sent to PostgreSQL in one round trip. The driver sends statements that are
 * prepared together, divided by semicolons, without waiting in between; under READ COMMITTED each
 * sees what was committed before it itself began.
 *
 * <p>Each distinct list of statements is prepared once per connection, so lists should be few. Not
 * safe for use by several threads.
 */
public final class Pipeline {
  /**
   * A parameter: an array of one of PostgreSQL's types, or a single value of it.
   *
   * @param values the elements, or the one value
   */
  public record Param(String type, List<? extends @Nullable Object> values, boolean isArray) {
    /** An array. */
    public Param(String type, List<? extends @Nullable Object> values) {
      this(type, values, true);
    }

    /** A single value. */
    static Param one(String type, Object value) {
      return new Param(type, List.of(value), false);
    }
  }

  /** What to do with the rows of a statement. */
  public interface Rows {
    /** Called for every row. */
    void accept(ResultSet row) throws SQLException;
  }

  private static final Rows NONE = row -> {};

  private final StringBuilder sql = new StringBuilder();
  private final List<Param> params = new ArrayList<>();
  private final List<Rows> readers = new ArrayList<>();

  /** Adds a query. */
  public Pipeline query(String statement, List<Param> with, Rows reader) {
    sql.append(sql.isEmpty() ? "" : ";\n").append(statement);
    params.addAll(with);
    readers.add(reader);
    return this;
  }

  /** Adds a statement that returns no rows. */
  public Pipeline update(String statement, List<Param> with) {
    return query(statement, with, NONE);
  }

  /** Sends all of it and reads all answers. */
  public void run(Connection connection) throws SQLException {
    if (readers.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
      for (int i = 0; i < params.size(); i++) {
        Param param = params.get(i);
        if (param.isArray()) {
          statement.setArray(i + 1, array(connection, param));
        } else {
          bind(statement, i + 1, param.type(), param.values().getFirst());
        }
      }
      boolean hasRows = statement.execute();
      for (Rows reader : readers) {
        if (hasRows) {
          read(statement, reader);
        }
        hasRows = statement.getMoreResults();
      }
    }
  }

  /** By one way for each type, as another would be another statement to the driver. */
  private static void bind(PreparedStatement statement, int place, String type, Object value)
      throws SQLException {
    switch (type) {
      case "bigint" -> statement.setLong(place, ((Number) value).longValue());
      case "smallint", "integer" -> statement.setInt(place, ((Number) value).intValue());
      case "boolean" -> statement.setBoolean(place, (Boolean) value);
      case "bytea" -> statement.setBytes(place, (byte[]) value);
      case "uuid" -> statement.setObject(place, value);
      case "timestamptz" -> statement.setObject(place, time(value));
      default -> statement.setString(place, value.toString());
    }
  }

  /** A time in words would be read anew for every row. */
  private static Object time(Object value) {
    return value instanceof Instant time ? time.atOffset(ZoneOffset.UTC) : value.toString();
  }

  private static Array array(Connection connection, Param param) throws SQLException {
    if (param.type().equals("uuid")) {
      return BinaryArray.ofUuids(connection, param.values());
    }
    if (param.type().equals("timestamptz") && BinaryArray.areTimes(param.values())) {
      return BinaryArray.ofTimes(connection, param.values());
    }
    return connection.createArrayOf(param.type(), typed(param));
  }

  /** The driver sends arrays of these types in binary, if it can see the type. */
  private static @Nullable Object[] typed(Param param) {
    return switch (param.type()) {
      case "smallint" -> param.values().stream().map(Pipeline::toShort).toArray(Short[]::new);
      case "integer" -> param.values().toArray(Integer[]::new);
      case "bigint" -> param.values().toArray(Long[]::new);
      case "bytea" -> param.values().toArray(byte[][]::new);
      case "text" -> param.values().toArray(String[]::new);
      default -> param.values().toArray();
    };
  }

  private static @Nullable Short toShort(@Nullable Object value) {
    return value == null ? null : ((Number) value).shortValue();
  }

  private static void read(PreparedStatement statement, Rows reader) throws SQLException {
    try (ResultSet rows = statement.getResultSet()) {
      while (rows.next()) {
        reader.accept(rows);
      }
    }
  }
}
