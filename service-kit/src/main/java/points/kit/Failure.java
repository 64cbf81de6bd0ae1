package points.kit;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import org.jspecify.annotations.Nullable;

/** What an SQL exception means for a batch: expected refusals never come as one. */
public enum Failure {
  /** Another process was in the way; nothing was written. Try again at once. */
  COLLISION,
  /** The database is away, or will not do for now; the outcome may be unknown. Try again later. */
  OUTAGE,
  /** We asked for something wrong. Trying again would not help. */
  BUG;

  /** The meaning of {@code e}, by its SQLSTATE (PostgreSQL documentation, appendix A). */
  public static Failure of(SQLException e) {
    if (e instanceof SQLTransientException) { // the pool has no connection to give
      return OUTAGE;
    }
    String state = stateOf(e);
    if (state == null) {
      return BUG;
    }
    return switch (state) {
      case "40001", "40P01", "55P03", "23505" -> COLLISION;
      case "57014", "25006", "25P03" -> OUTAGE;
      default -> ofClass(state.substring(0, 2));
    };
  }

  private static Failure ofClass(String stateClass) {
    return switch (stateClass) {
      // 08 connection, 53 resources, 57 operator intervention, 58 system, F0 configuration
      case "08", "53", "57", "58", "F0" -> OUTAGE;
      default -> BUG;
    };
  }

  private static @Nullable String stateOf(SQLException e) {
    String state = e.getSQLState();
    return state == null || state.length() != 5 ? null : state;
  }
}
