package points.connect.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads times of rows. */
final class Times {
  private Times() {}

  static Instant at(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNull(orNull(row, column));
  }

  static @Nullable Instant orNull(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
