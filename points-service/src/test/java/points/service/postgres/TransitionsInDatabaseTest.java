package points.service.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import points.kit.Database;
import points.kit.Metrics;
import points.ledger.HoldStatus;
import points.ledger.LotStatus;
import points.ledger.Transitions;
import points.ledger.Verb;

/** The CHECK constraints allow exactly what the table of transitions has. */
class TransitionsInDatabaseTest {
  private static final Metrics METRICS = new Metrics("test");
  private static final Database DATABASE = TestLedgers.newDatabase(METRICS);

  @BeforeAll
  static void isThere() throws SQLException {
    DATABASE.ping();
  }

  @AfterAll
  static void close() {
    DATABASE.close();
    METRICS.close();
  }

  @Test
  void aTransactionLeavesAHoldInTheStatesOfTheTable() throws SQLException {
    String check = expression("transaction", "hold_transitions");
    Set<String> allowed = new HashSet<>();
    for (Verb verb : Verb.values()) {
      for (HoldStatus status : HoldStatus.values()) {
        if (holds("type", verb.wire(), "hold_status", status.wire(), check)) {
          allowed.add(verb + " " + status);
        }
      }
    }
    assertThat(allowed)
        .isEqualTo(
            Transitions.HOLD.stream()
                .map(row -> row.verb() + " " + row.to())
                .collect(Collectors.toSet()));
  }

  @Test
  void theStatesAreThoseOfTheCode() throws SQLException {
    assertStates("hold", "hold_states", Stream.of(HoldStatus.values()).map(HoldStatus::wire));
    assertStates("lot", "lot_states", Stream.of(LotStatus.values()).map(LotStatus::wire));
  }

  private static void assertStates(String table, String constraint, Stream<String> states)
      throws SQLException {
    String check = expression(table, constraint);
    List<String> candidates = states.toList();
    for (String state : candidates) {
      assertThat(holds("status", state, "other", "", check)).as(state).isTrue();
    }
    assertThat(holds("status", "another", "other", "", check)).isFalse();
    // What the constraint names, the code has.
    Set<String> named =
        Arrays.stream(check.split("'", -1))
            .filter(part -> part.matches("[a-z]+"))
            .collect(Collectors.toSet());
    assertThat(candidates).containsAll(named);
  }

  private static String expression(String table, String constraint) throws SQLException {
    try (Connection connection = DATABASE.dataSource().getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint"
                    + " WHERE conrelid = ?::regclass AND conname = ?")) {
      query.setString(1, table);
      query.setString(2, constraint);
      try (ResultSet row = query.executeQuery()) {
        assertThat(row.next()).as(constraint).isTrue();
        return row.getString(1);
      }
    }
  }

  /** Whether the constraint lets a row with these two columns in. */
  private static boolean holds(
      String column, String value, String column2, String value2, String check)
      throws SQLException {
    String query =
        "SELECT %s FROM (SELECT ?::text AS %s, ?::text AS %s) t".formatted(check, column, column2);
    try (Connection connection = DATABASE.dataSource().getConnection();
        PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, value);
      statement.setString(2, value2);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }
}
