package points.connect.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import points.connect.events.EventSchemas;

class RuleReaderTest {
  private static final RuleReader READER = new RuleReader(EventSchemas.shipped().types());
  private static final Instant NOW = Instant.parse("2026-11-22T18:00:00Z");

  private static String voucher(String when, String to, String points) {
    return """
        name: test
        event: voucher.purchased
        when: %s
        rewards:
          - to: "%s"
            points: %s
            reason: test
        """
        .formatted(when, to, points);
  }

  private static Event purchase(long price, String... spacers) {
    return new Event(
        "voucher",
        "e1",
        "voucher.purchased",
        NOW,
        Map.of("user_id", "42", "price", price, "pro_spacer_ids", List.of(spacers)));
  }

  @Test
  void aRuleGivesItsRewardsToEachAccount() {
    CheckedRule rule =
        READER.read(
            voucher(
                "event.price > 100",
                "event.pro_spacer_ids.map(id, 'space:' + id)",
                "split(share(event.price, 500), count, index)"));
    var verdict = (Verdict.Matched) rule.apply(purchase(1_010, "a", "b", "c"));
    assertThat(verdict.awards())
        .extracting(award -> award.account() + "=" + award.points())
        .containsExactly("space:a=17", "space:b=17", "space:c=16");
  }

  @Test
  void theExplanationNamesThePartThatFailedAndItsValues() {
    CheckedRule rule =
        READER.read(
            voucher(
                "event.user_id != '' && (event.price >= 100 && size(event.pro_spacer_ids) > 2)",
                "'user:' + event.user_id",
                "5"));
    assertThat(rule.apply(purchase(99, "a")))
        .isEqualTo(new Verdict.NotMatched("event.price >= 100", Map.of("price", 99L)));
    assertThat(rule.apply(purchase(100, "a")))
        .isEqualTo(
            new Verdict.NotMatched(
                "size(event.pro_spacer_ids) > 2", Map.of("pro_spacer_ids", List.of("a"))));
  }

  @Test
  void anAccountNamedTwiceGetsOneAward() {
    CheckedRule rule = READER.read(voucher("true", "['user:1', 'user:1']", "5"));
    var verdict = (Verdict.Matched) rule.apply(purchase(1));
    assertThat(verdict.awards())
        .extracting(award -> award.account() + "=" + award.points())
        .containsExactly("user:1=10");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          event.nope == 'x'                    | 'user:1'   | 5  | when | 3 | 12 | undefined field 'nope': voucher.purchased has partner_id
          event.price == 'x'                   | 'user:1'   | 5  | when | 3 | 19 | no matching overload
          event.price                          | 'user:1'   | 5  | when | 3 | 7  | gives int, not true or false
          true                                 | event.price| 5  | rewards[0].to | 5 | 10 | gives int, not an account
          true                                 | 'user:1'   | event.user_id | rewards[0].points | 6 | 13 | gives string, not a whole number
          true                                 | 'user:1'   | 0  | rewards[0].points | 6 | 13 | must be 1 to
          true                                 | 'user:1'   | 1.5 * 2.0 | rewards[0].points | 6 | 13 | is a fraction
          true                                 | 'user:1'   | int(double(event.price)) | rewards[0].points | 6 | 23 | double() is not available
          dyn(event).x == 1                    | 'user:1'   | 5  | when | 3 | 10 | dyn() is not available
          true &&                              | 'user:1'   | 5  | when | 3 | 14 | mismatched input
          other.x                              | 'user:1'   | 5  | when | 3 | 7  | undeclared reference to 'other'
          event.pro_spacer_ids.all(a, event.pro_spacer_ids.all(b, a == b)) | 'user:1' | 5 | when | 3 | 31 | takes more than 1000 steps
          "event.price < 2 ? true : event.pro_spacer_ids.all(a, event.pro_spacer_ids.all(b, a + 'x' != b))" | 'user:1' | 5 | when | 3 | 24 | takes more than 1000 steps
          "event.price < 2 ? true : event.pro_spacer_ids.map(a, event.pro_spacer_ids).all(l, l.all(m, m != 'x'))" | 'user:1' | 5 | when | 3 | 24 | takes more than 1000 steps
          "event.pro_spacer_ids.map(a, [a]).all(a, [['x']].all(a, true) ? a.all(b, b != '') : true)" | 'user:1' | 5 | when | 3 | 44 | takes more than 1000 steps
          "event.pro_spacer_ids.map(a, [a, a]) == []" | 'user:1' | 5 | when | 3 | 32 | is a list of lists
          "{'a': ['b']} == {}"                 | 'user:1'   | 5  | when | 3 | 8 | is a list of lists
          1 / 0 == 1                           | 'user:1'   | 5  | when | 3 | 9  | fails on every event: it divides by zero
          "event.price > 5 ? true : 1 / 0 == 1" | 'user:1' | 5 | when | 3 | 35 | fails on every event: it divides by zero
          event.user_id.matches('(')           | 'user:1'   | 5  | when | 3 | 29 | is no pattern that can be used
          event.user_id.matches(event.partner_id) | 'user:1' | 5 | when | 3 | 34 | is a pattern that is not written out
          timestamp('nope') > event_time       | 'user:1'   | 5  | when | 3 | 16 | fails on every event
          int('x') == 1                        | 'user:1'   | 5  | when | 3 | 10 | fails on every event
          index == 0                           | 'user:1'   | 5  | when | 3 | 7  | index is known in points only
          count > 5                            | 'user:1'   | 5  | when | 3 | 7  | count is known in points only
          "[event].all(e, e.price > 1)" | 'user:1' | 5 | when | 3 | 9 | is the event as a whole
          true                                 | 'nobody'   | 5  | rewards[0].to | 5 | 10 | gives what is no account that can be credited: nobody
          true                                 | 'user:'    | 5  | rewards[0].to | 5 | 10 | no account
          true                                 | 'User:1'   | 5  | rewards[0].to | 5 | 10 | no account
          true                                 | event.user_id | 5 | rewards[0].to | 5 | 10 | no account
          true                                 | 'system:issued' | 5 | rewards[0].to | 5 | 10 | no account that can be credited: system:issued
          true                                 | 'issued:' + event.user_id | 5 | rewards[0].to | 5 | 10 | no account
          true                                 | ['user:1', 'user 2'] | 5 | rewards[0].to | 5 | 10 | no account
          true                                 | 'user:1'   | -5 | rewards[0].points | 6 | 13 | gives -5 points: it must be 0 to
          true                                 | 'user:1'   | 9223372036854775807 | rewards[0].points | 6 | 13 | it must be 0 to
          true                                 | 'user:1'   | 1/0 | rewards[0].points | 6 | 14 | divides by zero
          true                                 | 'user:1'   | split(100,0,0) | rewards[0].points | 6 | 18 | there is no part 0 of 0
          true                                 | 'user:1'   | split(100,[0,0],index) | rewards[0].points | 6 | 13 | the weights are all zero
          true                                 | 'user:1'   | share(event.price,-1) | rewards[0].points | 6 | 13 | must not be negative
          true                                 | 'user:1'   | share(-1,5) | rewards[0].points | 6 | 18 | must not be negative
          """)
  void hostileExpressionsAreRefusedWithTheirPosition(
      String when, String to, String points, String field, int line, int column, String message) {
    assertThatThrownBy(() -> READER.read(voucher(when, to, points)))
        .isInstanceOfSatisfying(
            RuleRefused.class,
            refused -> {
              Mistake first = refused.mistakes().getFirst();
              assertThat(first.message()).contains(message);
              assertThat(first.field()).isEqualTo(field);
              assertThat(first.line() + ":" + first.column()).isEqualTo(line + ":" + column);
            });
  }

  @Test
  void whatMayBeAbsentMustBeAskedForFirst() {
    String careless =
        """
        name: test
        event: quest.completed
        rewards:
          - {to: '"user:" + event.purchase_id', points: 5, reason: test}
        """;
    assertThatThrownBy(() -> READER.read(careless))
        .hasMessageContaining("line 4, column 21")
        .hasMessageContaining("ask has(event.purchase_id) first");
    assertThat(READER.read(careless.replace("rewards:", "when: has(event.purchase_id)\nrewards:")))
        .isNotNull();
  }

  private static String quest(String when, String points) {
    return """
        name: test
        event: quest.completed
        when: "%s"
        rewards: [{to: '"user:" + event.user_id', points: "%s", reason: test}]
        """
        .formatted(when, points);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "!has(event.purchase_id)",
        "has(event.purchase_id) || true",
        "has(event.purchase_id) || event.quest_id == 'q'",
        "has(event.purchase_id) ? true : event.quest_id == 'q'",
        "!(has(event.purchase_id) && event.quest_id == 'q')",
        "true"
      })
  void askingIsNotEnoughWhereTheAnswerMayBeNo(String when) {
    assertThatThrownBy(() -> READER.read(quest(when, "size(event.purchase_id)")))
        .hasMessageContaining("rewards[0].points (line 4, column ")
        .hasMessageContaining("ask has(event.purchase_id) first");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "has(event.purchase_id)",
        "event.quest_id == 'q' && has(event.purchase_id)",
        "!(!has(event.purchase_id) || event.quest_id == 'q')",
        "has(event.purchase_id) ? event.quest_id == 'q' : false",
        "has(event.purchase_id) && event.quest_id == 'q' || has(event.purchase_id)",
        "event.purchase_id == 'p' && has(event.purchase_id)"
      })
  void whatIsAskedForInTheConditionIsThereForTheRewards(String when) {
    CheckedRule rule = READER.read(quest(when, "size(event.purchase_id)"));
    Event without =
        new Event("quest", "e", "quest.completed", NOW, Map.of("user_id", "1", "quest_id", "q"));
    assertThat(rule.apply(without)).isInstanceOf(Verdict.NotMatched.class);
  }

  @Test
  void aFieldMayBeReadBehindItsQuestion() {
    for (String points :
        List.of(
            "has(event.purchase_id) ? size(event.purchase_id) : 1",
            "!has(event.purchase_id) || event.purchase_id == 'a' ? 1 : 2",
            "has(event.purchase_id) && event.purchase_id == 'a' ? 1 : 2")) {
      assertThat(READER.read(quest("true", points))).isNotNull();
    }
    assertThatThrownBy(
            () ->
                READER.read(quest("true", "has(event.purchase_id) ? 1 : size(event.purchase_id)")))
        .hasMessageContaining("ask has");
  }

  @Test
  void loopsWithinTheirBoundAreGood() {
    for (String when :
        List.of(
            "event.pro_spacer_ids.exists(a, ['x', 'y'].exists(b, a == b))",
            "event.pro_spacer_ids.filter(a, a != 'x').all(b, b != '')",
            "[1, 2, 3].all(i, [4, 5, 6].all(j, i < j))")) {
      assertThat(READER.read(voucher("\"" + when + "\"", "'user:1'", "1"))).isNotNull();
    }
  }

  @Test
  void whatWasSavedByAReleaseThatAskedForLessGoesOnOrIsSeen() {
    String careless = quest("has(event.purchase_id) || true", "size(event.purchase_id)");
    Event without =
        new Event("quest", "e", "quest.completed", NOW, Map.of("user_id", "1", "quest_id", "q"));
    assertThat(READER.kept(careless).unreadable()).isNull();
    assertThat(READER.kept(careless).apply(without)).isInstanceOf(Verdict.Failed.class);
    CheckedRule gone = READER.kept(quest("event.nope == 1", "1"));
    assertThat(gone.unreadable()).contains("undefined field 'nope'");
    assertThat(gone.apply(without))
        .isInstanceOfSatisfying(
            Verdict.Failed.class, failed -> assertThat(failed.reason()).contains("read any more"));
    String ages =
        voucher("true", "'user:1'", "1")
            .replace("reason: test", "reason: t\n    expires_in: 9999999d");
    assertThat(((Verdict.Matched) READER.kept(ages).apply(purchase(1))).awards()).hasSize(1);
    assertThatThrownBy(() -> READER.kept("name: [")).isInstanceOf(RuleRefused.class);
  }

  @Test
  void rulesWhoseActionsAreTakenBackHaveToBeThere() {
    String rule =
        """
        name: back
        event: voucher.refunded
        reverses: {event: voucher.purchased, key: event.purchase_id, matches: %s,
          rules: [gift, nope], reason: back}
        """;
    assertThatThrownBy(() -> READER.read(rule.formatted("event.purchase_id"), "gift"::equals))
        .hasMessage("reverses.rules (line 4, column 17): there is no rule nope");
    assertThat(READER.read(rule.formatted("event.purchase_id")).keyName())
        .isEqualTo(READER.read(rule.formatted("( (event . purchase_id) )")).keyName())
        .isNotEqualTo(READER.read(rule.formatted("event.voucher_id")).keyName());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          name: simulate;event: quest.completed;rewards: [{to: '"user:1"', points: 1, reason: a}] | name (line 1, column 7): must not be one of
          name: a;event: quest.completed;rewards: [{to: '"user:1"', points: 1, reason: a, expires_in: 36501d}] | must be at most 36500d
          name: a;event: quest.completed;rewards: [{to: '"user:1"', points: 1, reason: a, available_in: 9999999d}] | must be at most 36500d
          name: a;event: quest.completed;rewards: [{to: '"user:1"', points: 1, reason: a, available_in: 1d, expires_in: 24h}] | must be longer than available_in
          name: a;nam: b;event: quest.completed                         | rule (line 1
          name: a;name: b;event: quest.completed                        | name (line 2, column 1): is there twice
          name: A;event: quest.completed                                | name (line 1, column 7): must be 1 to 64
          name: a;event: quest.lost;rewards: [{to: '"user:1"', points: 1, reason: a}] | event (line 2, column 8): is no known type
          name: &x a;event: *x                                          | line 1, column 7): has an anchor
          name: !!java.net.URL [x];event: quest.completed               | Global tag is not allowed
          name: !x a;event: quest.completed                             | has a tag
          name: [                                                       | is not valid YAML
          [1, 2]                                                        | must be a mapping
          name: a;event: quest.completed;budget: -1                     | budget (line 3, column 9): must be a whole number
          name: a;event: quest.completed;rewards: []                    | rewards (line 3, column 10): must be a list
          name: a;event: quest.completed;rewards: [{to: '"user:1"', points: 1, reason: a, expires_in: soon}] | rewards[0].expires_in
          name: a;event: quest.completed;active: {from: 2026-02-30T00:00:00Z} | must be a time in UTC
          name: a;event: quest.completed;limits: [{per: all, every: year, max_count: 1}] | must be one of day, week, month, ever
          name: a;event: quest.completed;limits: [{per: all, every: day}] | must have one of max_count and max_points
          """)
  void hostileTextsAreRefused(String text, String message) {
    assertThatThrownBy(() -> READER.read(text.replace(';', '\n')))
        .isInstanceOf(RuleRefused.class)
        .hasMessageContaining(message);
  }

  @Test
  void whatIsTooLargeIsRefused() {
    String deep = "(".repeat(60) + "true" + ")".repeat(60);
    String wide = "true" + " && true".repeat(600);
    String lines = "#" + "x".repeat(70_000);
    for (String when : List.of(deep, wide, "'" + "a".repeat(3_000) + "' == ''")) {
      assertThatThrownBy(() -> READER.read(voucher("\"" + when + "\"", "'user:1'", "1")))
          .isInstanceOf(RuleRefused.class);
    }
    assertThatThrownBy(() -> READER.read(lines)).hasMessageContaining("is longer than");
    String nested = "a: ".repeat(1) + "[".repeat(3_000);
    assertThatThrownBy(() -> READER.read(nested)).isInstanceOf(RuleRefused.class);
  }

  @Test
  void loopsThatWouldFillTheMemoryAreRefused() {
    for (String seed : List.of("'aaaaaaaa'", "[1]", "b'aaaaaaaa'")) {
      String chain = "size([" + seed + "]" + ".map(a, a + a)".repeat(15) + "[0]) > 0";
      String nest = "[" + seed + "].exists(a, [a + a].exists(b, [b + b].exists(c, size(c) > 0)))";
      for (String when : List.of(chain, nest)) {
        assertThatThrownBy(() -> READER.read(voucher("\"" + when + "\"", "'user:1'", "1")))
            .hasMessageContaining("loops in each other");
      }
    }
    String two = "event.pro_spacer_ids.filter(a, a != '').map(a, 'space:' + a)";
    assertThat(READER.read(voucher("true", two, "1"))).isNotNull();
  }

  @Test
  void moreAccountsThanThereMayBeFailTheEvent() {
    String all =
        "event.pro_spacer_ids.map(a, 'space:' + a) + event.pro_spacer_ids.map(a, 'user:' + a)";
    String[] ids = new String[150];
    java.util.Arrays.setAll(ids, i -> "s" + i);
    assertThat(READER.read(voucher("true", all, "1")).apply(purchase(1, ids)))
        .isInstanceOfSatisfying(
            Verdict.Failed.class,
            failed -> assertThat(failed.reason()).contains("names 300 accounts: more than 200"));
  }

  @Test
  void whatFailsOnOneEventFailsOnlyThere() {
    CheckedRule rule = READER.read(voucher("true", "'user:1'", "100 / (event.price - 1)"));
    assertThat(rule.apply(purchase(1)))
        .isInstanceOfSatisfying(
            Verdict.Failed.class,
            failed ->
                assertThat(failed.reason())
                    .isEqualTo("100 / (event.price - 1) failed: it divides by zero"));
    assertThat(rule.apply(purchase(3))).isInstanceOf(Verdict.Matched.class);
    CheckedRule odd = READER.read(voucher("true", "'user:' + (event.price > 0 ? '!' : '1')", "1"));
    assertThat(odd.apply(purchase(1)))
        .isEqualTo(
            new Verdict.Failed(
                "'user:' + (event.price > 0 ? '!' : '1') gives what is no account that can be"
                    + " credited: user:!"));
  }

  /** Jazzer found the first. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "name: \"\\u",
        "name: \"\\x",
        "name: \"\\U00110000\"",
        "name: \"\\UFFFFFFFF\"",
        "name: \"\\ud800\""
      })
  void anEscapeThatNamesNoCharacterIsRefused(String text) {
    assertThatThrownBy(() -> READER.read(text)).isInstanceOf(RuleRefused.class);
  }
}
