package points.connect.rules;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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
   * @param limits its own, counting for the sake of all revisions that ever were in force
   */
  public record Activation(long id, Instant from, int revision, CheckedRule rule, Limits limits) {

    /** One that counts for its own sake. */
    public Activation(long id, Instant from, int revision, CheckedRule rule) {
      this(id, from, revision, rule, Limits.of(rule.limits()));
    }

    private Activation counting(Set<Limit.Counter> others) {
      return new Activation(id, from, revision, rule, limits.counting(others));
    }
  }

  private final long newest;
  private final List<Activation> activations;
  private final Map<String, List<Activation>> newestFirstByRule = new TreeMap<>();
  private final Map<String, SortedMap<String, List<Activation>>> rulesByEvent = new HashMap<>();
  private final Map<String, Map<String, CheckedRule>> reversersByEvent = new HashMap<>();

  /** A book of these activations, in any order. */
  public RuleBook(List<Activation> activations) {
    this(activations, activations.stream().mapToLong(Activation::id).max().orElse(0));
  }

  /**
   * A book that lacks what cannot be read.
   *
   * @param newest the number of the newest activation, be it in the book or not
   */
  public RuleBook(List<Activation> activations, long newest) {
    this.newest = newest;
    Map<String, Set<Limit.Counter>> counted = new HashMap<>();
    for (Activation activation : activations) {
      counted
          .computeIfAbsent(activation.rule().rule().name(), name -> new HashSet<>())
          .addAll(activation.limits().counted());
    }
    this.activations =
        activations.stream()
            .sorted(Comparator.comparing(Activation::id).reversed())
            .map(a -> a.counting(counted.getOrDefault(a.rule().rule().name(), Set.of())))
            .toList();
    this.activations.forEach(this::enter);
  }

  private void enter(Activation activation) {
    Rule rule = activation.rule().rule();
    List<Activation> newestFirst =
        newestFirstByRule.computeIfAbsent(rule.name(), name -> new ArrayList<>());
    newestFirst.add(activation);
    rulesByEvent
        .computeIfAbsent(rule.event(), event -> new TreeMap<>())
        .put(rule.name(), newestFirst);
    Reversal reversal = rule.reverses();
    String keyName = activation.rule().keyName();
    if (reversal != null && keyName != null) {
      reversersByEvent
          .computeIfAbsent(reversal.event(), event -> new LinkedHashMap<>())
          .putIfAbsent(keyName, activation.rule());
    }
  }

  /** All that ever was in force, newest first. */
  public List<Activation> all() {
    return activations;
  }

  /** The number of the newest activation; 0 for none. */
  public long newest() {
    return newest;
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
    for (List<Activation> rule :
        rulesByEvent.getOrDefault(eventType, Collections.emptySortedMap()).values()) {
      Activation activation = inForce(rule, time);
      if (activation != null && activation.rule().rule().event().equals(eventType)) {
        found.add(activation);
      }
    }
    return found;
  }

  /** The revision of a rule that is in force at this instant; null for none. */
  public @Nullable Activation inForceOf(String rule, Instant time) {
    return inForce(newestFirstByRule.getOrDefault(rule, List.of()), time);
  }

  /** A revision of a rule that is or was in force; null for none. */
  public @Nullable Activation activationOf(String rule, int revision) {
    return newestFirstByRule.getOrDefault(rule, List.of()).stream()
        .filter(activation -> activation.revision() == revision)
        .findFirst()
        .orElse(null);
  }

  private static @Nullable Activation inForce(List<Activation> newestFirst, Instant time) {
    for (Activation activation : newestFirst) {
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
