package points.kit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
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
  /** A parameter: an array of one of PostgreSQL's types. */
  public record Param(String type, List<? extends @Nullable Object> values) {}

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
        statement.setArray(i + 1, connection.createArrayOf(param.type(), typed(param)));
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

  /** The driver sends arrays of these types in binary, if it can see the type. */
  private static @Nullable Object[] typed(Param param) {
    return switch (param.type()) {
      case "bigint" -> param.values().toArray(Long[]::new);
      case "bytea" -> param.values().toArray(byte[][]::new);
      case "text" -> param.values().toArray(String[]::new);
      default -> param.values().toArray();
    };
  }

  private static void read(PreparedStatement statement, Rows reader) throws SQLException {
    try (ResultSet rows = statement.getResultSet()) {
      while (rows.next()) {
        reader.accept(rows);
      }
    }
  }
}
