package points.referral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import points.kit.EventReceiver;
import points.kit.TestPostgres;
import points.service.contract.Answer;

/** Members join, invite and rise, over real HTTP. */
class ReferralTest {
  private static final EventReceiver RECEIVER = new EventReceiver();
  private static final TestReferral REFERRAL =
      new TestReferral(TestPostgres.shared().newDatabase(), RECEIVER);

  @AfterAll
  static void close() {
    REFERRAL.close();
    RECEIVER.close();
  }

  @Test
  void whoeverJoinsIsToldOfToBothUplines() {
    String top = TestReferral.name();
    Answer first = REFERRAL.join(top);
    assertThat(first.status()).isEqualTo(201);
    assertThat(first.text("status")).isEqualTo("basic");
    assertThat(first.json().has("inviter_id")).isFalse();
    String middle = REFERRAL.below(top);
    String user = REFERRAL.below(middle);
    assertThat(event("referral.joined_level1", middle).get("referrer_id").asText()).isEqualTo(top);
    JsonNode level1 = event("referral.joined_level1", user);
    assertThat(level1.get("user_id").asText()).isEqualTo(user);
    assertThat(level1.get("referrer_id").asText()).isEqualTo(middle);
    JsonNode level2 = event("referral.joined_level2", user);
    assertThat(level2.get("referrer_id").asText()).isEqualTo(top);
    assertThat(level2.get("via_user_id").asText()).isEqualTo(middle);
    assertThat(events("referral.joined_level1", top)).isEmpty();
    assertThat(events("referral.joined_level2", middle)).isEmpty();
  }

  @Test
  void theTreeIsCountedPagedAndClimbed() {
    String top = TestReferral.name();
    REFERRAL.join(top);
    List<String> children = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      children.add(REFERRAL.below(top));
    }
    String grandchild = REFERRAL.below(children.get(2));
    String deep = REFERRAL.below(grandchild);
    assertThat(REFERRAL.member(top).number("level1_count")).isEqualTo(5);
    assertThat(REFERRAL.member(top).number("level2_count")).isEqualTo(1);
    List<String> paged = new ArrayList<>();
    String path = "/members/" + top + "/tree?limit=2";
    Answer page = REFERRAL.app.get(path);
    while (true) {
      page.member("members").forEach(member -> paged.add(member.get("user_id").asText()));
      if (page.member("next_cursor").isNull()) {
        break;
      }
      page = REFERRAL.app.get(path + "&cursor=" + page.text("next_cursor"));
    }
    assertThat(paged).isEqualTo(children);
    JsonNode second = REFERRAL.app.get("/members/" + top + "/tree?level=2").member("members");
    assertThat(second).hasSize(1);
    assertThat(second.get(0).get("inviter_id").asText()).isEqualTo(children.get(2));
    JsonNode uplines = REFERRAL.app.get("/members/" + deep + "/uplines").member("uplines");
    assertThat(uplines.findValuesAsText("user_id")).containsExactly(grandchild, children.get(2));
    assertThat(uplines.findValuesAsText("level")).containsExactly("1", "2");
    assertThat(REFERRAL.app.get("/members/" + top + "/uplines").member("uplines")).isEmpty();
  }

  @Test
  void nobodyJoinsTwice() {
    String top = TestReferral.name();
    String code = REFERRAL.join(top).text("code");
    String user = TestReferral.name();
    Answer joined = REFERRAL.join(user, code.toLowerCase(Locale.ROOT));
    assertThat(joined.status()).isEqualTo(201);
    Answer again = REFERRAL.join(user, code);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.text("code")).isEqualTo(joined.text("code"));
    String other = REFERRAL.join(TestReferral.name()).text("code");
    assertThat(REFERRAL.join(user, other).code()).isEqualTo("already_member");
    assertThat(REFERRAL.join(user).code()).isEqualTo("already_member");
    assertThat(REFERRAL.join(top, joined.text("code")).code()).isEqualTo("already_member");
    assertThat(REFERRAL.join(top, code).code()).isEqualTo("self_referral");
    assertThat(REFERRAL.join(TestReferral.name(), "NONE").code()).isEqualTo("unknown_code");
    assertThat(event("referral.joined_level1", user).get("referrer_id").asText()).isEqualTo(top);
    assertThat(REFERRAL.member(top).number("level1_count")).isEqualTo(1);
  }

  @Test
  void ofManyInvitersOneWins() throws Exception {
    String user = TestReferral.name();
    List<Callable<Answer>> calls = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      String code = REFERRAL.join(TestReferral.name()).text("code");
      calls.add(() -> REFERRAL.join(user, code));
    }
    List<Integer> statuses = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Answer> answer : threads.invokeAll(calls)) {
        statuses.add(answer.get().status());
      }
    }
    assertThat(statuses).filteredOn(status -> status == 201).hasSize(1);
    assertThat(statuses).filteredOn(status -> status == 409).hasSize(15);
    assertThat(event("referral.joined_level1", user).get("referrer_id").asText())
        .isEqualTo(REFERRAL.member(user).text("inviter_id"));
  }

  @Test
  void risingIsToldOnceWithTheUplines() {
    String top = TestReferral.name();
    REFERRAL.join(top);
    String middle = REFERRAL.below(top);
    String user = REFERRAL.below(middle);
    assertThat(REFERRAL.upgrade(user, "vip").text("status")).isEqualTo("vip");
    assertThat(REFERRAL.upgrade(user, "vip").status()).isEqualTo(200);
    assertThat(REFERRAL.upgrade(user, "pro").text("status")).isEqualTo("pro");
    Answer late = REFERRAL.upgrade(user, "vip");
    assertThat(late.status()).isEqualTo(200);
    assertThat(late.text("status")).isEqualTo("pro");
    JsonNode vip = event("referral.user_upgraded_to_vip", user);
    assertThat(vip.get("user_id").asText()).isEqualTo(user);
    assertThat(vip.get("referrer_level1_id").asText()).isEqualTo(middle);
    assertThat(vip.get("referrer_level2_id").asText()).isEqualTo(top);
    event("referral.user_upgraded_to_pro", user);
    assertThat(REFERRAL.upgrade(top, "pro").status()).isEqualTo(200);
    assertThat(REFERRAL.upgrade(top, "vip").code()).isEqualTo("state_conflict");
    assertThat(event("referral.user_upgraded_to_pro", top).has("referrer_level1_id")).isFalse();
    assertThat(events("referral.user_upgraded_to_vip", top)).isEmpty();
  }

  @Test
  void whatIsWrong() {
    assertThat(REFERRAL.member("nobody").code()).isEqualTo("not_found");
    assertThat(REFERRAL.app.get("/members/nobody/tree").code()).isEqualTo("not_found");
    assertThat(REFERRAL.app.get("/members/nobody/uplines").code()).isEqualTo("not_found");
    assertThat(REFERRAL.upgrade("nobody", "vip").code()).isEqualTo("not_found");
    assertThat(REFERRAL.upgrade("nobody", "basic").code()).isEqualTo("invalid_request");
    assertThat(REFERRAL.join("no body").code()).isEqualTo("invalid_request");
    assertThat(REFERRAL.join("x", "***").code()).isEqualTo("invalid_request");
    assertThat(REFERRAL.app.post("/members", Map.of("user_id", "x", "y", 1)).code())
        .isEqualTo("invalid_request");
    assertThat(REFERRAL.app.get("/members/x/tree?level=3").code()).isEqualTo("invalid_request");
    assertThat(REFERRAL.client().get("/members/x").status()).isEqualTo(401);
    assertThat(REFERRAL.client().get("/health/ready").status()).isEqualTo(200);
  }

  private static List<JsonNode> events(String type, String user) {
    return RECEIVER.taken(type, "member:" + user);
  }

  private static JsonNode event(String type, String user) {
    await().until(() -> !events(type, user).isEmpty());
    assertThat(events(type, user)).hasSize(1);
    return events(type, user).getFirst().get("data");
  }
}
