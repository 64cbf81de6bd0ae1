package points.kit;

import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Oid;
import org.postgresql.jdbc.PgArray;

/**
 * Arrays of ids and times as PostgreSQL has them within: the driver would write them out as text,
 * which both sides pay for. The form is that of PostgreSQL's {@code array_recv}, {@code uuid_recv}
 * and {@code timestamptz_recv}.
 */
final class BinaryArray {
  private static final int HEADER_BYTES = 20;

  /** PostgreSQL counts from the year 2000. */
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private BinaryArray() {}

  /** Whether all of these are times, and not times in words. */
  static boolean areTimes(List<? extends @Nullable Object> values) {
    for (Object value : values) {
      if (value != null && !(value instanceof Instant)) {
        return false;
      }
    }
    return true;
  }

  static Array ofUuids(Connection connection, List<? extends @Nullable Object> ids)
      throws SQLException {
    ByteBuffer out = begin(ids, Oid.UUID, 16);
    for (Object id : ids) {
      if (id == null) {
        out.putInt(-1);
      } else {
        UUID uuid = (UUID) id;
        out.putInt(16);
        out.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
      }
    }
    return end(connection, Oid.UUID_ARRAY, out);
  }

  static Array ofTimes(Connection connection, List<? extends @Nullable Object> times)
      throws SQLException {
    ByteBuffer out = begin(times, Oid.TIMESTAMPTZ, 8);
    for (Object time : times) {
      if (time == null) {
        out.putInt(-1);
      } else {
        Duration since = Duration.between(EPOCH, (Instant) time);
        out.putInt(8);
        out.putLong(Math.addExact(since.getSeconds() * 1_000_000, since.getNano() / 1_000));
      }
    }
    return end(connection, Oid.TIMESTAMPTZ_ARRAY, out);
  }

  private static ByteBuffer begin(
      List<? extends @Nullable Object> values, int elementType, int bytes) {
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + values.size() * (4 + bytes));
    out.putInt(values.isEmpty() ? 0 : 1); // dimensions
    out.putInt(0); // flags; it sees for itself whether there are nulls
    out.putInt(elementType);
    if (!values.isEmpty()) {
      out.putInt(values.size());
      out.putInt(1); // the first index
    }
    return out;
  }

  private static Array end(Connection connection, int type, ByteBuffer out) throws SQLException {
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return new PgArray(connection.unwrap(BaseConnection.class), type, bytes);
  }
}
