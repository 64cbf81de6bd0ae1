package points.connect.rules;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All rules and when which of their revisions is in force. Immutable, thread-safe. */
public final class RuleBook {
  /** A book without rules. */
  public static final RuleBook EMPTY = new RuleBook(List.of());

  /**
   * A revision that came into force.
   *
   * @param id activations are numbered in the order in which they were made, from 1
   * @param from it applies to events from then on, unless a later activation says otherwise
   * @param revision the rule's revision, from 1
   */
  public record Activation(long id, Instant from, int revision, CheckedRule rule) {}

  private final List<Activation> activations;
  private final Map<String, List<Activation>> newestFirstByRule = new HashMap<>();
  private final Map<String, List<String>> rulesByEvent = new HashMap<>();
  private final Map<String, Map<String, CheckedRule>> reversersByEvent = new HashMap<>();

  /** A book of these activations, in any order. */
  public RuleBook(List<Activation> activations) {
    this.activations =
        activations.stream().sorted(Comparator.comparing(Activation::id).reversed()).toList();
    this.activations.forEach(this::enter);
  }

  private void enter(Activation activation) {
    Rule rule = activation.rule().rule();
    newestFirstByRule.computeIfAbsent(rule.name(), name -> new ArrayList<>()).add(activation);
    List<String> names = rulesByEvent.computeIfAbsent(rule.event(), event -> new ArrayList<>());
    if (!names.contains(rule.name())) {
      names.add(rule.name());
      names.sort(Comparator.naturalOrder());
    }
    Reversal reversal = rule.reverses();
    if (reversal != null) {
      reversersByEvent
          .computeIfAbsent(reversal.event(), event -> new LinkedHashMap<>())
          .putIfAbsent(reversal.keyName(), activation.rule());
    }
  }

  /** The number of the newest activation; 0 for none. */
  public long newest() {
    return activations.isEmpty() ? 0 : activations.getFirst().id();
  }

  /** The book as it was when this activation was the newest. */
  public RuleBook asOf(long activation) {
    return activation >= newest()
        ? this
        : new RuleBook(activations.stream().filter(a -> a.id() <= activation).toList());
  }

  /** The rules about this type of event that are in force at this instant, by name. */
  public List<Activation> inForce(String eventType, Instant time) {
    List<Activation> found = new ArrayList<>();
    for (String name : rulesByEvent.getOrDefault(eventType, List.of())) {
      Activation activation = inForceOf(name, time);
      if (activation != null && activation.rule().rule().event().equals(eventType)) {
        found.add(activation);
      }
    }
    return found;
  }

  /** The revision of a rule that is in force at this instant; null for none. */
  public @Nullable Activation inForceOf(String rule, Instant time) {
    for (Activation activation : newestFirstByRule.getOrDefault(rule, List.of())) {
      if (!activation.from().isAfter(time)) {
        return activation;
      }
    }
    return null;
  }

  /**
   * The keys by which an event can be found by a cancelling one, now or later: of every reversing
   * rule that ever was in force.
   */
  public Map<String, String> keysOf(Event event) {
    Map<String, String> keys = new LinkedHashMap<>();
    reversersByEvent
        .getOrDefault(event.type(), Map.of())
        .forEach(
            (name, reverser) -> {
              String key = reverser.earlierKey(event);
              if (key != null) {
                keys.put(name, key);
              }
            });
    return keys;
  }
}
