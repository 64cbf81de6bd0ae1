package points.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import points.connect.rules.ActionState;
import points.connect.rules.ActionTransitions;
import points.service.TestService;

/** The table of transitions is the same in the code, in the documentation and in the database. */
class ActionTransitionsTest {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| (?:`([a-z]+)`|–) \\| `([a-z_]+)` \\| `([a-z]+)` \\|$");

  private static Set<String> inCode() {
    return ActionTransitions.ALL.stream()
        .map(
            row -> {
              ActionState from = row.from();
              return text(from == null ? null : from.wire(), row.change(), row.to().wire());
            })
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String text(@org.jspecify.annotations.Nullable String from, String by, String to) {
    return (from == null ? "-" : from) + " " + by + " " + to;
  }

  @Test
  void theDocumentationHasIt() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "reference", "connect-states.md"));
    Set<String> rows = new TreeSet<>();
    var match = ROW.matcher(page.substring(0, page.indexOf("## Reversals")));
    while (match.find()) {
      rows.add(text(match.group(1), match.group(2), match.group(3)));
    }
    assertThat(rows).isEqualTo(inCode());
  }

  @Test
  void theDatabaseAllowsItAndNothingElse() throws SQLException {
    List<String> changes =
        ActionTransitions.ALL.stream()
            .map(ActionTransitions.Transition::change)
            .distinct()
            .toList();
    List<String> states = Arrays.stream(ActionState.values()).map(ActionState::wire).toList();
    Set<String> allowed = new TreeSet<>();
    try (TestConnect connect = TestConnect.start(TestService.shared(), Map.of());
        Connection connection = connect.connect()) {
      for (String change : changes) {
        for (String to : states) {
          if (inserts(connection, change, to)) {
            allowed.add(text(null, change, to));
          }
          for (String from : states) {
            if (!from.equals(to) && updates(connection, from, change, to)) {
              allowed.add(text(from, change, to));
            }
          }
        }
      }
    }
    // What is inserted is always decided: a CHECK cannot tell an INSERT from an UPDATE.
    allowed.removeIf(row -> row.startsWith("- ") && !row.startsWith("- decide "));
    assertThat(allowed).isEqualTo(inCode());
  }

  private static boolean inserts(Connection connection, String change, String state)
      throws SQLException {
    return does(connection, insert(UUID.randomUUID(), change, state));
  }

  private static boolean updates(Connection connection, String from, String change, String to)
      throws SQLException {
    UUID id = UUID.randomUUID();
    String reached =
        ActionTransitions.ALL.stream()
            .filter(row -> row.to().wire().equals(from))
            .findFirst()
            .orElseThrow()
            .change();
    assertThat(does(connection, insert(id, reached, from))).as(from).isTrue();
    return does(
        connection,
        "UPDATE reward_action SET state = '%s', change = '%s', transaction_id = %s WHERE action_id = '%s'"
            .formatted(to, change, transaction(to), id));
  }

  private static String insert(UUID id, String change, String state) {
    return """
    INSERT INTO reward_action (action_id, event_seq, rule, revision, reward_index, account, type,
      points, reason, state, change, transaction_id)
    VALUES ('%s', 1, 'r', 1, 0, 'user:1', 'points', 1, 'r', '%s', '%s', %s)"""
        .formatted(id, state, change, transaction(state));
  }

  private static String transaction(String state) {
    return Set.of("credited", "reversed").contains(state) ? "'" + UUID.randomUUID() + "'" : "NULL";
  }

  private static boolean does(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
      return true;
    } catch (SQLException e) {
      assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("23514");
      return false;
    }
  }
}
