package points.referral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import points.kit.DatabaseUrl;
import points.kit.EventReceiver;
import points.kit.TestPostgres;

/** What the database itself refuses, and what it keeps when the service dies. */
class ImpossibleTest {
  private static final String DATABASE = TestPostgres.shared().newDatabase();
  private static final URI NOWHERE = URI.create("http://127.0.0.1:9");

  private static final String CONSTRAINT_VIOLATED = "23";

  static {
    // The chain a, b, c, and e, whom nobody invited.
    try (TestReferral referral = new TestReferral(DATABASE, NOWHERE)) {
      String a = referral.join("a").text("code");
      String b = referral.join("b", a).text("code");
      referral.join("c", b);
      referral.join("e");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Joining twice.
        "INSERT INTO member (user_id, code, depth) VALUES ('a', 'X', 0)",
        // Another's code.
        "INSERT INTO member (user_id, code, depth) SELECT 'x', code, 0 FROM member LIMIT 1",
        // Inviting oneself.
        "INSERT INTO member (user_id, code, inviter_id, inviter_depth, depth)"
            + " VALUES ('x', 'X', 'x', 0, 1)",
        "UPDATE member SET inviter_id = 'e', inviter_depth = 0, depth = 1 WHERE user_id = 'e'",
        // Round in circles.
        "UPDATE member SET inviter_id = 'c', inviter_depth = 2, second_id = 'b', depth = 3"
            + " WHERE user_id = 'a'",
        "UPDATE member SET inviter_id = 'c', inviter_depth = 2, second_id = 'b' WHERE user_id = 'b'",
        // At a depth that is not the inviter's plus one.
        "INSERT INTO member (user_id, code, inviter_id, inviter_depth, depth)"
            + " VALUES ('x', 'X', 'a', 0, 0)",
        "INSERT INTO member (user_id, code, inviter_id, inviter_depth, second_id, depth)"
            + " VALUES ('x', 'X', 'a', 1, 'a', 2)",
        // With another second upline than the inviter's inviter, or without.
        "INSERT INTO member (user_id, code, inviter_id, inviter_depth, second_id, depth)"
            + " VALUES ('x', 'X', 'b', 1, 'c', 2)",
        "INSERT INTO member (user_id, code, inviter_id, inviter_depth, depth)"
            + " VALUES ('x', 'X', 'b', 1, 2)",
        // Invited by nobody who is there.
        "INSERT INTO member (user_id, code, inviter_id, inviter_depth, depth)"
            + " VALUES ('x', 'X', 'z', 0, 1)",
        // Sinking, and rising without a date.
        "UPDATE member SET previous_status = 'pro', status = 'vip', vip_at = now()"
            + " WHERE user_id = 'a'",
        "UPDATE member SET previous_status = 'basic', status = 'vip' WHERE user_id = 'a'",
      })
  void theDatabaseRefuses(String sql) throws SQLException {
    try (Connection connection = connect();
        var statement = connection.createStatement()) {
      SQLException refused = catchThrowableOfType(SQLException.class, () -> statement.execute(sql));
      assertThat(refused.getSQLState()).startsWith(CONSTRAINT_VIOLATED);
    }
  }

  @Test
  void theDatabaseAllowsWhatIsRight() throws SQLException {
    try (Connection connection = connect();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      assertThat(
              statement.executeUpdate(
                  "INSERT INTO member (user_id, code, inviter_id, inviter_depth, second_id, depth)"
                      + " VALUES ('x', 'X', 'b', 1, 'a', 2)"))
          .isEqualTo(1);
      connection.rollback();
    }
  }

  @Test
  void eventsOutliveTheServiceThatWroteThem() {
    String database = TestPostgres.shared().newDatabase();
    try (TestReferral dying = new TestReferral(database, NOWHERE)) {
      dying.join("top");
      dying.upgrade(dying.below("top"), "pro");
    }
    try (EventReceiver receiver = new EventReceiver();
        TestReferral again = new TestReferral(database, receiver)) {
      String user =
          again.app.get("/members/top/tree").member("members").get(0).get("user_id").asText();
      await()
          .until(
              () -> !receiver.taken("referral.user_upgraded_to_pro", "member:" + user).isEmpty());
      assertThat(receiver.taken("referral.joined_level1", "member:" + user)).hasSize(1);
    }
  }

  @Test
  void docsCodeAndCheckAgree() throws Exception {
    Set<String> code = new TreeSet<>(Set.of(">basic"));
    StringBuilder table = new StringBuilder("| from | when | to |\n| --- | --- | --- |\n");
    table.append("| – | joined | `basic` |\n");
    for (Status from : Status.values()) {
      for (Status to : Status.values()) {
        if (to.from().contains(from)) {
          code.add(from.wire() + ">" + to.wire());
          table.append("| `" + from.wire() + "` | `upgrade` | `" + to.wire() + "` |\n");
        }
      }
    }
    assertThat(Path.of("../docs/integrations/referral.md")).content().contains(table.toString());
    try (Connection connection = connect();
        var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
                    + " WHERE conname = 'member_transitions'")) {
      row.next();
      Set<String> checked = new TreeSet<>();
      Pattern.compile("'([a-z]*>[a-z]+)'")
          .matcher(row.getString(1))
          .results()
          .forEach(step -> checked.add(step.group(1)));
      assertThat(checked).isEqualTo(code);
    }
  }

  private static Connection connect() throws SQLException {
    return Objects.requireNonNull(DatabaseUrl.parse(DATABASE))
        .dataSource("referral")
        .getConnection();
  }
}
