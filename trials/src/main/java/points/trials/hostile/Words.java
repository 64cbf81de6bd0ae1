package points.trials.hostile;

import java.util.List;

/** What Jazzer is given to build texts of. */
final class Words {
  /** Numbers that are hard to get right. */
  static final List<String> NUMBERS =
      List.of(
          "0",
          "-1",
          "1e3",
          "1e999999999",
          "-1e-999999999",
          "9223372036854775807",
          "9223372036854775808",
          "18446744073709551616",
          "0.1",
          "99999999999999999999999999999999");

  /** What JSON is made of. */
  static final List<String> JSON =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\"",
          "\\u0000",
          "\\ud800",
          "null",
          "true",
          "{\"a\":",
          "[[",
          "/*",
          "\u00e9",
          "\ufeff",
          "NaN",
          "\"\":",
          "1E400",
          "\\",
          "\"id\":",
          "\"data\":");

  /** Good rules, which between them have every field. */
  static final List<String> RULES =
      List.of(
          """
          name: voucher-purchased
          description: >
            A premium voucher brings its partner 10 % of the price.
          event: voucher.purchased
          when: event.price > 10 && event.pro_spacer_ids.all(id, id != "7")
          rewards:
            - to: '"partner:" + event.partner_id'
              points: share(event.price, 1000)
              reason: voucher.partner_bonus
            - to: event.pro_spacer_ids.map(id, "space:" + id)
              points: split(share(event.price, 500), count, index)
              reason: voucher.pro_spacer_bonus
          limits:
            - {per: account, every: month, max_points: 20000, exceeding: trim}
          budget: 1000000
          active: {from: 2026-01-01T00:00:00Z, until: 2027-01-01T00:00:00Z}
          """,
          """
          name: rielt-booking-cancelled
          event: rielt.booking_cancelled
          reverses:
            event: rielt.booking_paid
            key: event.booking_id
            matches: event.booking_id
            rules: [rielt-booking-paid]
            policy: debt
            reason: rielt.booking_cancelled
          """,
          """
          name: referral-upgraded-to-vip
          event: referral.user_upgraded_to_vip
          rewards:
            - to: 'has(event.referrer_level1_id) ? ["user:" + event.referrer_level1_id] : []'
              points: 200
              reason: referral.upgraded_to_vip.level1
              expires_in: 365d
              available_in: 1h
          """);

  /** What rules are made of: CEL and YAML. */
  static final List<String> RULE =
      List.of(
          "event",
          "event.price",
          "event_time",
          "index",
          "count",
          "share(",
          "split(",
          "has(",
          ".map(x, ",
          ".filter(x, ",
          ".all(x, ",
          ".exists(x, ",
          " ? ",
          " : ",
          "&&",
          "||",
          "!",
          "==",
          " in ",
          " + ",
          "- ",
          " * ",
          " / ",
          " % ",
          "[1, 2]",
          "{1: 2}",
          "\"a\"",
          "'a'",
          "b\"x\"",
          "r\"\\\\d\"",
          "matches(\"(a+)+$\")",
          "size(",
          "string(",
          "int(",
          "timestamp(\"2026-01-01T00:00:00Z\")",
          "duration(\"1h\")",
          "dyn(",
          "type(",
          "null",
          "true",
          "1u",
          "1.5",
          "&a ",
          "*a",
          "!!int ",
          "!!binary ",
          "|\n",
          ">\n",
          "? ",
          "- ",
          "---\n",
          "...\n",
          "%YAML 1.1\n",
          "# ",
          "\t",
          "{",
          "}",
          "[",
          "]",
          ": ",
          "<<: ",
          "\"\\u0000\"",
          "\"\\xff\"",
          "name: ",
          "rewards:\n",
          "limits:\n",
          "(",
          ")",
          ".startsWith(\"u\")",
          "event.pro_spacer_ids",
          "@",
          "`");

  private Words() {}
}
