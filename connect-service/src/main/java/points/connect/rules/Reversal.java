package points.connect.rules;

import java.util.List;
import java.util.Locale;

/**
 * What a cancelling event takes back. Immutable.
 *
 * @param event the type of the earlier event
 * @param key an expression over the cancelling event that gives a text
 * @param matches an expression over the earlier event; the two belong together where it gives the
 *     same text
 * @param rules only what these rules gave is taken back; empty for all
 * @param policy how Points takes back what may have been spent
 * @param reason goes with the reversal
 */
public record Reversal(
    String event, String key, String matches, List<String> rules, Policy policy, String reason) {

  /** How Points takes back what may have been spent; the names are those of its contract. */
  public enum Policy {
    /** All or nothing. */
    REJECT,
    /** As much as is there. */
    WITHIN_BALANCE,
    /** All of it; what is missing becomes a debt. */
    DEBT;

    /** The name on the wire. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Reversal {
    rules = List.copyOf(rules);
  }

  /** Whether what this rule gave is taken back. */
  public boolean covers(String rule) {
    return rules.isEmpty() || rules.contains(rule);
  }
}
