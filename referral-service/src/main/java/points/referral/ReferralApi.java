package points.referral;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import points.kit.Answer;
import points.kit.Call;
import points.kit.Fields;
import points.kit.Http;
import points.kit.Permission;
import points.kit.TextRule;

/** The routes of contracts/openapi/referral.yaml. */
final class ReferralApi {
  /** Who may do what unless a setting says otherwise. */
  static final String POLICY = "app=join,upgrade,read; admin=join,upgrade,read,admin";

  private static final Permission JOIN = Permission.of("join");
  private static final Permission UPGRADE = Permission.of("upgrade");
  private static final Permission READ = Permission.of("read");

  private static final TextRule CODE =
      TextRule.matching("[A-Za-z0-9-]{1,16}", 16, "a code like 7KQ2-M8XT");
  private static final TextRule CURSOR =
      TextRule.matching("[0-9]{1,18}", 18, "the next_cursor of the page before");
  private static final int LIMIT_DEFAULT = 50;
  private static final int LIMIT_MAX = 200;

  /** To what one can rise. */
  private enum Rise {
    VIP(Status.VIP),
    PRO(Status.PRO);

    private final Status status;

    Rise(Status status) {
      this.status = status;
    }
  }

  private final Members members;

  ReferralApi(Members members) {
    this.members = members;
  }

  void mount(Http.Builder http) {
    http.blocking("POST", "/members", JOIN, this::join);
    http.blocking("GET", "/members/{id}", READ, this::get);
    http.blocking("POST", "/members/{id}/upgrade", UPGRADE, this::upgrade);
    http.blocking("GET", "/members/{id}/tree", READ, this::tree);
    http.blocking("GET", "/members/{id}/uplines", READ, this::uplines);
  }

  private Answer join(Call call) throws SQLException {
    Fields fields = call.json();
    String userId = fields.text("user_id", TextRule.PERSON);
    String code = fields.optionalText("invited_by_code", CODE);
    fields.done();
    // People type codes, so that their case does not count.
    return done(members.join(userId, code == null ? null : code.toUpperCase(Locale.ROOT)), 201);
  }

  private Answer get(Call call) throws SQLException {
    call.query().done();
    return Answer.json(200, whole(members.get(id(call))));
  }

  private Answer upgrade(Call call) throws SQLException {
    Fields fields = call.json();
    Rise to = fields.choice("to", Rise.class);
    fields.done();
    return done(members.upgrade(id(call), to.status), 200);
  }

  private Answer done(Members.Done done, int first) throws SQLException {
    Answer answer = Answer.json(done.replayed() ? 200 : first, whole(done.member()));
    return done.replayed() ? answer.with("Idempotent-Replay", "true") : answer;
  }

  private Answer tree(Call call) throws SQLException {
    Fields query = call.query();
    int level = (int) query.integerOr("level", 1, 2, 1);
    int limit = (int) query.integerOr("limit", 1, LIMIT_MAX, LIMIT_DEFAULT);
    String cursor = query.optionalText("cursor", CURSOR);
    query.done();
    long after = cursor == null ? 0 : Long.parseLong(cursor);
    List<Member> found = members.level(id(call), level, after, limit + 1);
    List<Member> page = found.subList(0, Math.min(limit, found.size()));
    ObjectNode body = list("members", page);
    body.put("next_cursor", found.size() > limit ? Long.toString(page.getLast().position()) : null);
    return Answer.json(200, body);
  }

  private Answer uplines(Call call) throws SQLException {
    call.query().done();
    ObjectNode body = list("uplines", members.uplines(id(call)));
    int level = 0;
    for (JsonNode upline : body.get("uplines")) {
      ((ObjectNode) upline).put("level", ++level);
    }
    return Answer.json(200, body);
  }

  private static String id(Call call) {
    return call.path("id", TextRule.PERSON);
  }

  private static ObjectNode list(String name, List<Member> members) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode array = body.putArray(name);
    members.forEach(member -> array.add(body(member)));
    return body;
  }

  private ObjectNode whole(Member member) throws SQLException {
    ObjectNode body = body(member);
    body.put("code", member.code());
    body.put("level1_count", members.count(member.userId(), 1));
    body.put("level2_count", members.count(member.userId(), 2));
    return body;
  }

  private static ObjectNode body(Member member) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("user_id", member.userId());
    body.put("status", member.status().wire());
    if (member.inviterId() != null) {
      body.put("inviter_id", member.inviterId());
    }
    body.put("joined_at", member.joinedAt().toString());
    if (member.vipAt() != null) {
      body.put("vip_at", member.vipAt().toString());
    }
    if (member.proAt() != null) {
      body.put("pro_at", member.proAt().toString());
    }
    return body;
  }
}
