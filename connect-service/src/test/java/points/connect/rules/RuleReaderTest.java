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
          event.pro_spacer_ids.all(a, event.pro_spacer_ids.all(b, a == b)) | 'user:1' | 5 | when | 3 | 7 | takes more than 1000 steps
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
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
            Verdict.Failed.class, failed -> assertThat(failed.reason()).contains("/ by zero"));
    assertThat(rule.apply(purchase(3))).isInstanceOf(Verdict.Matched.class);
    CheckedRule odd = READER.read(voucher("true", "'user:' + event.user_id + '!'", "1"));
    assertThat(odd.apply(purchase(1)))
        .isEqualTo(
            new Verdict.Failed(
                "the reward to 'user:' + event.user_id + '!' gives what is no account: user:42!"));
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
