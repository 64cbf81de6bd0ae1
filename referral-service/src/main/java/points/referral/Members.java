package points.referral;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import points.kit.Codes;
import points.kit.CommonError;
import points.kit.Database;
import points.kit.Outbox;
import points.kit.ProblemException;

/**
 * Who invited whom. Everything is one transaction with the events that tell of it, so a crash
 * leaves nothing half done. Safe for use by many threads and processes.
 */
final class Members {
  private static final int CODE_GROUPS = 2;

  /** How many new codes are tried; that even the second is taken is unheard of. */
  private static final int CODES_MAX = 8;

  /**
   * A member and whether what was asked had been done before.
   *
   * @param replayed whether it is a repetition
   */
  record Done(Member member, boolean replayed) {}

  private final Database database;
  private final Runnable news;

  Members(Database database, Runnable news) {
    this.database = database;
    this.news = news;
  }

  /**
   * Joins, once.
   *
   * @param invitedByCode null where nobody invited them
   * @throws ProblemException {@code unknown_code}, {@code self_referral} or {@code already_member}
   */
  Done join(String userId, @Nullable String invitedByCode) throws SQLException {
    Done done =
        database.inTransaction(
            transaction -> {
              Member inviter = invitedByCode == null ? null : inviter(transaction, invitedByCode);
              if (inviter != null && inviter.userId().equals(userId)) {
                throw new ProblemException(
                    ReferralError.SELF_REFERRAL, "The code is " + userId + "'s own.");
              }
              return join(transaction, userId, inviter);
            });
    news.run();
    return done;
  }

  private static Member inviter(Connection transaction, String code) throws SQLException {
    return MemberTable.find(transaction, MemberTable.FIND_BY_CODE, code)
        .orElseThrow(
            () ->
                new ProblemException(
                    ReferralError.UNKNOWN_CODE, "No member has the code " + code + "."));
  }

  private static Done join(Connection transaction, String userId, @Nullable Member inviter)
      throws SQLException {
    for (int i = 0; i < CODES_MAX; i++) {
      Optional<Member> joined =
          MemberTable.insert(transaction, userId, Codes.next(CODE_GROUPS), inviter);
      if (joined.isPresent()) {
        tellJoined(transaction, joined.get());
        return new Done(joined.get(), false);
      }
      Optional<Member> earlier = MemberTable.find(transaction, MemberTable.FIND, userId);
      if (earlier.isPresent()) {
        return again(earlier.get(), inviter);
      }
    }
    throw new IllegalStateException(CODES_MAX + " new codes in a row were taken");
  }

  private static Done again(Member earlier, @Nullable Member inviter) {
    String inviterId = inviter == null ? null : inviter.userId();
    if (!Objects.equals(earlier.inviterId(), inviterId)) {
      throw new ProblemException(
          ReferralError.ALREADY_MEMBER,
          earlier.userId()
              + " has joined before, "
              + (earlier.inviterId() == null ? "invited by nobody." : "invited by another."));
    }
    return new Done(earlier, true);
  }

  private static void tellJoined(Connection transaction, Member member) throws SQLException {
    if (member.inviterId() != null) {
      ObjectNode data = named(member).put("referrer_id", member.inviterId());
      tell(transaction, member, "referral.joined_level1", data);
    }
    if (member.secondId() != null) {
      ObjectNode data = named(member).put("referrer_id", member.secondId());
      data.put("via_user_id", member.inviterId());
      tell(transaction, member, "referral.joined_level2", data);
    }
  }

  /**
   * Raises a member, once.
   *
   * @throws ProblemException {@code not_found} or {@code state_conflict}
   */
  Done upgrade(String userId, Status to) throws SQLException {
    Done done =
        database.inTransaction(
            transaction -> {
              Member member = find(transaction, MemberTable.LOCK, userId);
              if (member.since(to) != null) {
                return new Done(member, true);
              }
              if (!to.from().contains(member.status())) {
                throw new ProblemException(
                    ReferralError.STATE_CONFLICT,
                    userId
                        + " is "
                        + member.status().wire()
                        + ": no upgrade to "
                        + to.wire()
                        + ".");
              }
              tell(
                  transaction,
                  member,
                  "referral.user_upgraded_to_" + to.wire(),
                  withReferrers(member));
              return new Done(MemberTable.raise(transaction, member, to), false);
            });
    news.run();
    return done;
  }

  /** The uplines as they are now: whoever reads the event later need not ask. */
  private static ObjectNode withReferrers(Member member) {
    ObjectNode data = named(member);
    if (member.inviterId() != null) {
      data.put("referrer_level1_id", member.inviterId());
    }
    if (member.secondId() != null) {
      data.put("referrer_level2_id", member.secondId());
    }
    return data;
  }

  private static ObjectNode named(Member member) {
    return JsonNodeFactory.instance.objectNode().put("user_id", member.userId());
  }

  private static void tell(Connection transaction, Member member, String type, ObjectNode data)
      throws SQLException {
    Outbox.write(transaction, "member:" + member.userId(), type, data);
  }

  /**
   * One member.
   *
   * @throws ProblemException {@code not_found}
   */
  Member get(String userId) throws SQLException {
    return database.inTransaction(transaction -> find(transaction, MemberTable.FIND, userId));
  }

  /** The inviter, then the inviter's inviter, as far as there are such. */
  List<Member> uplines(String userId) throws SQLException {
    return database.inTransaction(
        transaction -> {
          Member member = find(transaction, MemberTable.FIND, userId);
          List<Member> uplines = new ArrayList<>(2);
          if (member.inviterId() != null) {
            uplines.add(find(transaction, MemberTable.FIND, member.inviterId()));
          }
          if (member.secondId() != null) {
            uplines.add(find(transaction, MemberTable.FIND, member.secondId()));
          }
          return uplines;
        });
  }

  /** Whom a member invited (level 1), or whom those invited (level 2), in the order of joining. */
  List<Member> level(String userId, int level, long after, int limit) throws SQLException {
    return database.inTransaction(
        transaction -> {
          find(transaction, MemberTable.FIND, userId);
          return MemberTable.level(transaction, level, userId, after, limit);
        });
  }

  /** How many are at a level below a member. */
  long count(String userId, int level) throws SQLException {
    return database.inTransaction(transaction -> MemberTable.count(transaction, level, userId));
  }

  private static Member find(Connection transaction, String query, String userId)
      throws SQLException {
    return MemberTable.find(transaction, query, userId)
        .orElseThrow(
            () ->
                new ProblemException(CommonError.NOT_FOUND, "There is no member " + userId + "."));
  }
}
