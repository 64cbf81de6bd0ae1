package points.connect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import points.connect.rules.Decision;

/**
 * What a draft gives over many events beside what the rule of its name has given. Not safe for use
 * by several threads.
 */
final class Comparison {
  private static final int ACCOUNTS_MAX = 100;

  private static final class Sums {
    private long given;
    private long draft;

    long difference() {
      return Math.subtractExact(draft, given);
    }
  }

  private final Map<String, Sums> accounts = new HashMap<>();
  private final Sums all = new Sums();
  private long events;
  private long matched;
  private long failed;
  private long unfit;
  private long cut;

  /** An event whose data does not fit: no rule sees it. */
  void addUnfit() {
    events++;
    unfit++;
  }

  /** An event on which the draft fails: it would become a dead letter. */
  void addFailed() {
    events++;
    failed++;
  }

  /** An event that is none of the draft's business. */
  void addNotMatched() {
    events++;
  }

  /** What the draft gives for an event. */
  void addMatched(Decision decision) {
    events++;
    matched++;
    decision.actions().stream()
        .filter(action -> action.refusal() == null)
        .forEach(action -> addDraft(action.account(), action.points()));
    decision.cuts().forEach(one -> cut = Math.addExact(cut, one.award().points() - one.granted()));
  }

  private void addDraft(String account, long points) {
    Sums sums = accounts.computeIfAbsent(account, a -> new Sums());
    sums.draft = Math.addExact(sums.draft, points);
    all.draft = Math.addExact(all.draft, points);
  }

  /** What has been given to an account. */
  void addGiven(String account, long points) {
    Sums sums = accounts.computeIfAbsent(account, a -> new Sums());
    sums.given = Math.addExact(sums.given, points);
    all.given = Math.addExact(all.given, points);
  }

  /** How many events were added. */
  long events() {
    return events;
  }

  /**
   * All of it.
   *
   * @param budget of the draft; null for none
   */
  ObjectNode toJson(@Nullable Long budget) {
    ObjectNode body = Routes.object();
    body.put("events", events);
    body.put("matched", matched);
    body.put("failed", failed);
    body.put("unfit", unfit);
    body.set("points", body(all));
    body.put("cut_points", cut);
    if (budget != null) {
      ObjectNode use = body.putObject("budget").put("points", budget);
      use.put("used", all.draft).put("left", budget - all.draft);
    }
    ObjectNode counts = body.putObject("accounts");
    counts.put("gaining", accounts.values().stream().filter(s -> s.difference() > 0).count());
    counts.put("losing", accounts.values().stream().filter(s -> s.difference() < 0).count());
    counts.put("unchanged", accounts.values().stream().filter(s -> s.difference() == 0).count());
    greatest(body.putArray("gains"), Sums::difference);
    greatest(body.putArray("losses"), sums -> -sums.difference());
    return body;
  }

  private void greatest(ArrayNode into, ToLongFunction<Sums> size) {
    Comparator<Map.Entry<String, Sums>> bySize =
        Comparator.comparingLong(entry -> size.applyAsLong(entry.getValue()));
    accounts.entrySet().stream()
        .filter(entry -> size.applyAsLong(entry.getValue()) > 0)
        .sorted(bySize.reversed().thenComparing(Map.Entry::getKey))
        .limit(ACCOUNTS_MAX)
        .forEach(
            entry -> {
              ObjectNode account = Routes.object().put("account", entry.getKey());
              into.add(account.<ObjectNode>setAll(body(entry.getValue())));
            });
  }

  private static ObjectNode body(Sums sums) {
    ObjectNode body = Routes.object();
    body.put("given", sums.given);
    body.put("draft", sums.draft);
    body.put("difference", sums.difference());
    return body;
  }
}
