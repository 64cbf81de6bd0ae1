package points.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import points.service.TestService;
import points.service.contract.Answer;
import points.service.contract.ApiClient;

/**
 * A hostile rule is refused when it is saved; or else its own events are credited or become dead
 * letters. Never is an event answered with a failure, and those of other types flow.
 */
class HostileRuleTest {
  private static final TestConnect CONNECT =
      TestConnect.start(TestService.shared(), Map.of("rules.folder", TestConnect.RULES.toString()));
  private static final ApiClient ADMIN = CONNECT.person("admin");

  @AfterAll
  static void stop() {
    CONNECT.close();
  }

  /** The largest purchase there can be, one that is plain, and one of nothing. */
  private static List<String> purchases(String partner) {
    List<String> spacers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      spacers.add("\"" + "y".repeat(60) + i + "\"");
    }
    String data =
        """
        {"purchase_id":"%1$s","voucher_id":"%1$s","user_id":"%1$s","partner_id":"%2$s",
         "pro_spacer_ids":[%3$s],"points_paid":%4$d,"price":%4$d}""";
    List<String> events = new ArrayList<>();
    events.add(
        data.formatted("z".repeat(64), partner, String.join(",", spacers), 1_000_000_000_000L));
    events.add(data.formatted("b", partner, "\"s1\",\"s2\"", 1_010));
    events.add(data.formatted("0", partner, "", 0));
    events.replaceAll(one -> Events.event("voucher.purchased", Events.fresh("e"), one));
    return events;
  }

  private static String rule(String name, String when, String to, String points, String more) {
    return """
    name: %s
    event: voucher.purchased
    when: %s
    rewards: [{to: %s, points: %s, reason: test.hostile%s}]
    """
        .formatted(name, quoted(when), quoted(to), quoted(points), more);
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1/0 == 1 ; 'user:1' ; 1",
        "event.price < 2 || event.pro_spacer_ids.all(a, event.pro_spacer_ids.all(b, a + 'x' != b)) ; 'user:1' ; 1",
        "event.pro_spacer_ids.map(a, [a] + event.pro_spacer_ids).all(l, size(l) > 0) ; 'user:1' ; 1",
        "event.pro_spacer_ids.map(a, a + a + a + a).filter(a, a.matches('(y+)+$')) == [] ; 'user:1' ; 1",
        "event.user_id.matches('(') ; 'user:1' ; 1",
        "event.user_id.matches(event.partner_id) ; 'user:1' ; 1",
        "timestamp(event.user_id) < event_time ; 'user:1' ; 1",
        "int(event.user_id) == 1 ; 'user:1' ; 1",
        "event.price * event.price > 0 ; 'user:1' ; 1",
        "event_time + duration('87600000h') > event_time ; 'user:1' ; 1",
        "true ; event.user_id ; 1",
        "true ; 'user:' + event.user_id + event.user_id ; 1",
        "true ; 'system:' + event.user_id ; 1",
        "true ; event.pro_spacer_ids.map(a, 'user:' + a) + event.pro_spacer_ids.map(a, 'user:x' + a) + ['user:1'] ; 1",
        "true ; [] ; 1",
        "true ; 'user:1' ; event.price - 1000000000000",
        "true ; 'user:1' ; 1000000000000 + event.price",
        "true ; 'user:1' ; 100 / event.price",
        "true ; 'user:1' ; event.price * 9223372036",
        "true ; 'user:1' ; split(100, size(event.pro_spacer_ids), 0)",
        "true ; 'user:1' ; split(100, [event.price, 0], index)",
        "true ; 'user:1' ; share(event.price, -1)",
        "true ; 'user:1' ; 1 ; , expires_in: 9999999d",
        "true ; 'user:1' ; 1 ; , available_in: 36500d",
        "true ; 'user:1' ; 1 ; , expires_in: 36500d, available_in: 36499d",
        "true ; 'user:1' ; 1 ; , expires_in: 1s"
      })
  void nothingButARefusalOrALetterComesOfAHostileRule(String hostile) {
    String[] parts = hostile.split(" ; ", 4);
    String name = Events.fresh("hostile-");
    String partner = Events.fresh("p");
    String when = "event.partner_id == '" + partner + "' && (" + parts[0] + ")";
    String yaml = rule(name, when, parts[1], parts[2], parts.length > 3 ? parts[3] : "");
    Answer saved = ADMIN.send("PUT", "/rules/" + name, Map.of("yaml", yaml));
    assertThat(saved.status()).as(saved.text()).isIn(201, 422);
    if (saved.status() == 422) {
      assertThat(saved.code()).isEqualTo("rule_refused");
      return;
    }
    PeopleTest.inForce(CONNECT, name, yaml);
    long letters = CONNECT.number("SELECT count(*) FROM dead_letter");
    List<String> events = new ArrayList<>(purchases(partner));
    String neighbour = Events.fresh("p");
    events.add(1, Events.voucherPurchased(Events.fresh("e"), "b", neighbour, "[]"));
    Web.Reply reply = CONNECT.as("voucher").publish(Events.batch(events));
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(202);
    CONNECT.awaitQuiet();
    assertThat(CONNECT.balance("partner:" + neighbour)).isEqualTo(101);
    assertThat(CONNECT.number("SELECT count(*) FROM dead_letter") - letters).isBetween(0L, 3L);
    assertThat(
            CONNECT.number(
                "SELECT count(*) FROM reward_action WHERE state = 'dead' OR (state = 'refused'"
                    + " AND code NOT IN ('expired', 'balance_limit')) AND rule = '"
                    + name
                    + "'"))
        .isZero();
    end(name);
  }

  /** So that the next one is alone with its events. */
  private static void end(String name) {
    String end =
        rule(name, "true", "'user:1'", "1", "") + "active: {until: '2000-01-01T00:00:00Z'}";
    PeopleTest.inForce(CONNECT, name, end);
  }

  @Test
  void aRuleThatTakesBackByRulesThatAreNotThereIsRefused() {
    String yaml =
        """
        name: back
        event: voucher.refunded
        reverses: {event: voucher.purchased, key: event.purchase_id, matches: event.purchase_id,
          reason: r, rules: [voucher-purchased, nope-such-rule]}
        """;
    Answer saved = ADMIN.send("PUT", "/rules/back", Map.of("yaml", yaml));
    assertThat(saved.code()).isEqualTo("rule_refused");
    assertThat(saved.member("mistakes/0/field").asText()).isEqualTo("reverses.rules");
    assertThat(saved.member("mistakes/0/message").asText()).contains("nope-such-rule");
    String good = yaml.replace(", nope-such-rule", "");
    assertThat(ADMIN.send("PUT", "/rules/back", Map.of("yaml", good)).status()).isEqualTo(201);
    assertThat(listed("back")).isEqualTo("voucher.refunded");
  }

  /** The event of a rule in the list of all. */
  private static String listed(String name) {
    for (var rule : ADMIN.get("/rules").member("rules")) {
      if (rule.path("name").asText().equals(name)) {
        return rule.path("event").asText();
      }
    }
    return "";
  }
}
