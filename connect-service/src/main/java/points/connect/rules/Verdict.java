package points.connect.rules;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a rule makes of an event, before its limits. */
public sealed interface Verdict {

  /**
   * The rule applies.
   *
   * @param awards what it wants to give; empty where it only reverses, or all come to 0 points
   */
  record Matched(List<Award> awards) implements Verdict {}

  /** The event lies outside the rule's {@code active} window. */
  record NotActive() implements Verdict {}

  /**
   * A part of {@code when} is false.
   *
   * @param part the first one
   * @param values what it reads, with its values; null for a field that is absent
   */
  record NotMatched(String part, Map<String, @Nullable Object> values) implements Verdict {}

  /**
   * The rule could not be evaluated on this event: nothing of it is applied.
   *
   * @param reason for a person
   */
  record Failed(String reason) implements Verdict {}
}
