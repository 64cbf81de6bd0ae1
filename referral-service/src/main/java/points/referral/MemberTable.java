package points.referral;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The SQL of members. None of it grows with how many members there are, but counting a level. */
final class MemberTable {
  static final String INSERT =
      """
      INSERT INTO member (user_id, code, inviter_id, inviter_depth, second_id, depth)
      VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING *
      """;
  static final String FIND = "SELECT * FROM member WHERE user_id = ?";
  static final String FIND_BY_CODE = "SELECT * FROM member WHERE code = ?";

  /** The row's lock also puts the member's events in order. */
  static final String LOCK = "SELECT * FROM member WHERE user_id = ? FOR NO KEY UPDATE";

  static final String LEVEL1 =
      "SELECT * FROM member WHERE inviter_id = ? AND position > ? ORDER BY position LIMIT ?";
  static final String LEVEL2 =
      "SELECT * FROM member WHERE second_id = ? AND position > ? ORDER BY position LIMIT ?";
  static final String COUNT1 = "SELECT count(*) FROM member WHERE inviter_id = ?";
  static final String COUNT2 = "SELECT count(*) FROM member WHERE second_id = ?";

  private static final String RAISE =
      """
      UPDATE member SET previous_status = status, status = ?,
        vip_at = CASE WHEN ? = 'vip' THEN now() ELSE vip_at END,
        pro_at = CASE WHEN ? = 'pro' THEN now() ELSE pro_at END
      WHERE user_id = ? RETURNING *
      """;

  private MemberTable() {}

  /** Adds one below the inviter, unless there is one of that name or code. */
  static Optional<Member> insert(
      Connection transaction, String userId, String code, @Nullable Member inviter)
      throws SQLException {
    try (var insert = transaction.prepareStatement(INSERT)) {
      insert.setString(1, userId);
      insert.setString(2, code);
      insert.setString(3, inviter == null ? null : inviter.userId());
      insert.setObject(4, inviter == null ? null : (Integer) inviter.depth());
      insert.setString(5, inviter == null ? null : inviter.inviterId());
      insert.setInt(6, inviter == null ? 0 : inviter.depth() + 1);
      return one(insert);
    }
  }

  /** The only one whom this query finds by this text. */
  static Optional<Member> find(Connection connection, String query, String text)
      throws SQLException {
    try (var select = connection.prepareStatement(query)) {
      select.setString(1, text);
      return one(select);
    }
  }

  static Member raise(Connection transaction, Member member, Status to) throws SQLException {
    try (var update = transaction.prepareStatement(RAISE)) {
      update.setString(1, to.wire());
      update.setString(2, to.wire());
      update.setString(3, to.wire());
      update.setString(4, member.userId());
      return one(update).orElseThrow();
    }
  }

  /** Those of a level in the order of joining, from after this position. */
  static List<Member> level(Connection connection, int level, String userId, long after, int limit)
      throws SQLException {
    try (var select = connection.prepareStatement(level == 1 ? LEVEL1 : LEVEL2)) {
      select.setString(1, userId);
      select.setLong(2, after);
      select.setInt(3, limit);
      List<Member> members = new ArrayList<>();
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          members.add(member(rows));
        }
      }
      return members;
    }
  }

  static long count(Connection connection, int level, String userId) throws SQLException {
    try (var select = connection.prepareStatement(level == 1 ? COUNT1 : COUNT2)) {
      select.setString(1, userId);
      try (var row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private static Optional<Member> one(PreparedStatement statement) throws SQLException {
    try (var row = statement.executeQuery()) {
      return row.next() ? Optional.of(member(row)) : Optional.empty();
    }
  }

  private static Member member(ResultSet row) throws SQLException {
    return new Member(
        row.getString("user_id"),
        row.getString("code"),
        row.getLong("position"),
        row.getString("inviter_id"),
        row.getString("second_id"),
        row.getInt("depth"),
        Status.of(row.getString("status")),
        row.getObject("joined_at", OffsetDateTime.class).toInstant(),
        instant(row, "vip_at"),
        instant(row, "pro_at"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
