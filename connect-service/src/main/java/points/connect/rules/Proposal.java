package points.connect.rules;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the rules in force make of an event, before limits and cancellations. Immutable.
 *
 * @param event what it is about
 * @param matches the rules that apply, by name
 * @param keys by which it can be found by a cancelling event, by the keys' names
 * @param failure why none of it may be applied; null where it may
 */
public record Proposal(
    Event event, List<Match> matches, Map<String, String> keys, @Nullable String failure) {

  /**
   * A rule that applies.
   *
   * @param activation the rule in its revision
   * @param awards what it wants to give
   * @param cancellingKey of what it takes back; null for nothing
   */
  public record Match(
      RuleBook.Activation activation, List<Award> awards, @Nullable String cancellingKey) {

    /** The name of the rule. */
    public String rule() {
      return activation.rule().rule().name();
    }
  }

  public Proposal {
    matches = List.copyOf(matches);
    keys = Map.copyOf(keys);
  }

  /** Asks the rules that are in force at the event's time. One that fails fails all of it. */
  public static Proposal of(Event event, RuleBook book) {
    List<Match> matches = new ArrayList<>();
    for (RuleBook.Activation activation : book.inForce(event.type(), event.time())) {
      CheckedRule rule = activation.rule();
      switch (rule.apply(event)) {
        case Verdict.NotActive unused -> {}
        case Verdict.NotMatched unused -> {}
        case Verdict.Failed failed -> {
          return failed(event, activation, failed.reason());
        }
        case Verdict.Matched matched -> {
          String key = rule.cancellingKey(event);
          if (rule.rule().reverses() != null && key == null) {
            return failed(event, activation, "the event gives no key of what to take back");
          }
          matches.add(new Match(activation, matched.awards(), key));
        }
      }
    }
    return new Proposal(event, matches, book.keysOf(event), null);
  }

  private static Proposal failed(Event event, RuleBook.Activation activation, String reason) {
    String who = activation.rule().rule().name() + " revision " + activation.revision();
    return new Proposal(event, List.of(), Map.of(), who + ": " + reason);
  }

  /** The counters that have to be known to decide. */
  public SortedSet<Allowances.Key> allowances() {
    SortedSet<Allowances.Key> keys = new TreeSet<>();
    Instant time = event.time();
    for (Match match : matches) {
      for (Award award : match.awards()) {
        keys.addAll(
            Allowances.keys(match.rule(), match.activation().limits(), award.account(), time));
      }
    }
    return keys;
  }

  /** The rules that apply and take something back. */
  public List<Match> cancelling() {
    return matches.stream().filter(match -> match.cancellingKey() != null).toList();
  }
}
