package points.referral;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import points.kit.DatabaseUrl;
import points.kit.TestPostgres;

/** With a million members, half of them below one, nothing but counting reads more than a few. */
class MillionMembersTest {
  private static final int MEMBERS = 1_000_000;

  private static final String CODE =
      "lpad((n / 10000)::text, 4, '0') || '-' || lpad((n % 10000)::text, 4, '0')";

  /** Numbers 1 to a million; the first invites half of them, number n one of the rest each. */
  private static final List<String> FILL =
      List.of(
          "SET session_replication_role = replica",
          "INSERT INTO member (user_id, code, depth) VALUES ('m1', '0000-0001', 0)",
          "INSERT INTO member (user_id, code, inviter_id, inviter_depth, depth)"
              + " SELECT 'm' || n, "
              + CODE
              + ", 'm1', 0, 1 FROM generate_series(2, 500000) n",
          "INSERT INTO member (user_id, code, inviter_id, inviter_depth, second_id, depth)"
              + " SELECT 'm' || n, "
              + CODE
              + ", 'm' || (n - 499999), 1, 'm1', 2"
              + " FROM generate_series(500001, 1000000) n",
          "SET session_replication_role = origin",
          "VACUUM ANALYZE member");

  @Test
  void joiningAndUplinesDoNotGrow() throws SQLException {
    String database = TestPostgres.shared().newDatabase();
    try (TestReferral referral = new TestReferral(database, URI.create("http://127.0.0.1:9"));
        Connection connection =
            Objects.requireNonNull(DatabaseUrl.parse(database))
                .dataSource("referral")
                .getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : FILL) {
        statement.execute(sql);
      }
      requireCounts(referral);
      requirePlans(connection);
      requireQuick(referral);
    }
  }

  private static void requireCounts(TestReferral referral) {
    assertThat(referral.member("m1").number("level1_count")).isEqualTo(MEMBERS / 2 - 1);
    assertThat(referral.member("m1").number("level2_count")).isEqualTo(MEMBERS / 2);
    assertThat(referral.app.get("/members/m1/tree?cursor=400000").member("members")).hasSize(50);
    assertThat(referral.app.get("/members/m1/tree?level=2").member("members")).hasSize(50);
  }

  private static void requirePlans(Connection connection) throws SQLException {
    for (String sql : List.of(MemberTable.FIND, MemberTable.FIND_BY_CODE, MemberTable.LOCK)) {
      assertThat(plan(connection, sql)).contains("Index Scan").doesNotContain("Seq Scan");
    }
    for (String sql : List.of(MemberTable.COUNT1, MemberTable.COUNT2)) {
      assertThat(plan(connection, sql)).contains("Index Only Scan").doesNotContain("Seq Scan");
    }
    for (String sql : List.of(MemberTable.LEVEL1, MemberTable.LEVEL2)) {
      assertThat(plan(connection, sql))
          .contains("Index Scan using member_level")
          .doesNotContain("Sort");
    }
  }

  private static String plan(Connection connection, String sql) throws SQLException {
    String filled = sql.replaceFirst("\\?", "'m1'").replaceFirst("\\?", "0").replace("?", "50");
    StringBuilder plan = new StringBuilder();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("EXPLAIN " + filled)) {
      while (rows.next()) {
        plan.append(rows.getString(1)).append('\n');
      }
    }
    return plan.toString();
  }

  /** A join that read a level, let alone everybody, would take a hundred times as long. */
  private static void requireQuick(TestReferral referral) {
    int joins = 300;
    Instant start = Instant.now();
    for (int i = 0; i < joins; i++) {
      String user = TestReferral.name();
      assertThat(referral.join(user, i % 2 == 0 ? "0000-0001" : "0000-0002").status())
          .isEqualTo(201);
      assertThat(referral.app.get("/members/" + user + "/uplines").status()).isEqualTo(200);
    }
    Duration each = Duration.between(start, Instant.now()).dividedBy(joins);
    assertThat(each).isLessThan(Duration.ofMillis(50));
  }
}
