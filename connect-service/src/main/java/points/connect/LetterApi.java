package points.connect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import points.connect.postgres.DeadLetters;
import points.connect.postgres.Redriving;
import points.kit.Answer;
import points.kit.Call;
import points.kit.Fields;
import points.kit.ProblemException;
import points.kit.TextRule;

/** {@code /dead-letters}: what could not be applied. */
final class LetterApi {
  private static final TextRule NUMBER = TextRule.matching("[1-9][0-9]{0,17}", 18, "a number");
  private static final TextRule REASON = TextRule.anything(1, 500);
  private static final int TOGETHER = 100;

  /** A call that takes longer would be cut off on its way; the answer says what is left. */
  private static final Duration REDRIVING_MAX = Duration.ofSeconds(15);

  /** Which letters are asked for. */
  private enum Status {
    OPEN,
    REDRIVEN,
    DISCARDED
  }

  private final DeadLetters letters;
  private final Redriving redriving;
  private final Runnable wake;

  /**
   * The routes.
   *
   * @param wake tells that there is something to send
   */
  LetterApi(DeadLetters letters, Redriving redriving, Runnable wake) {
    this.letters = letters;
    this.redriving = redriving;
    this.wake = wake;
  }

  void mount(Routes routes) {
    routes.read("/dead-letters", this::list);
    routes.read("/dead-letters/{id}", this::one);
    routes.act("POST", "/dead-letters/{id}/redrive", this::redriveOne);
    routes.act("POST", "/dead-letters/redrive", this::redriveAll);
    routes.act("POST", "/dead-letters/{id}/discard", this::discard);
  }

  private Answer list(Call call) {
    Fields query = call.query();
    Status status = query.optionalChoice("status", Status.class);
    String source = query.optionalText("source", Routes.TEXT);
    String type = query.optionalText("type", Routes.TEXT);
    int limit = Routes.limit(query);
    String cursor = query.optionalText("cursor", NUMBER);
    query.done();
    String state = status == null ? null : status.name().toLowerCase(Locale.ROOT);
    long before = cursor == null ? Long.MAX_VALUE : Long.parseLong(cursor);
    List<DeadLetters.Letter> found =
        letters.page(new DeadLetters.Filter(state, source, type), before, limit + 1);
    List<DeadLetters.Letter> page = found.subList(0, Math.min(limit, found.size()));
    ObjectNode body = Routes.object();
    write(body.putArray("dead_letters"), page);
    body.put("next_cursor", found.size() > limit ? Long.toString(page.getLast().id()) : null);
    return Routes.ok(body);
  }

  private Answer one(Call call) {
    long id = id(call);
    call.query().done();
    DeadLetters.Letter letter = get(id);
    return Routes.ok(body(letter).put("body", letter.body()));
  }

  private static long id(Call call) {
    return Long.parseLong(call.path("id", NUMBER));
  }

  private DeadLetters.Letter get(long id) {
    DeadLetters.Letter letter = letters.find(id);
    if (letter == null) {
      throw Routes.notFound("dead letter " + id);
    }
    return letter;
  }

  private Answer redriveOne(Call call) {
    long id = id(call);
    Routes.nothing(call);
    DeadLetters.Letter letter = get(id);
    if (!letter.isRedrivable()) {
      String why =
          letter.isOpen()
              ? "It could not even be kept as an event: have it published again, or discard it."
              : "It is " + letter.state() + " already.";
      throw new ProblemException(ConnectError.NOT_REDRIVABLE, why);
    }
    String by = call.caller().subject();
    return answer(redriving.redrive(new Redriving.Which(id - 1, id, 1, by)));
  }

  private Answer redriveAll(Call call) {
    Routes.nothing(call);
    String by = call.caller().subject();
    // What comes in meanwhile is left to the next call.
    long upTo = letters.newest();
    long end = System.nanoTime() + REDRIVING_MAX.toNanos();
    Redriving.Redriven all = Redriving.Redriven.NOTHING;
    Redriving.Redriven some;
    do {
      some = redriving.redrive(new Redriving.Which(all.last(), upTo, TOGETHER, by));
      all = all.plus(some);
    } while (some.letters() == TOGETHER && System.nanoTime() < end);
    return answer(all);
  }

  private Answer discard(Call call) {
    long id = id(call);
    call.query().done();
    Fields fields = call.json();
    String reason = fields.text("reason", REASON);
    fields.done();
    boolean discarded = letters.discard(id, call.caller().subject(), reason);
    DeadLetters.Letter letter = get(id);
    if (!discarded) {
      throw new ProblemException(
          ConnectError.LETTER_CLOSED, "It is " + letter.state() + " already.");
    }
    return Routes.ok(body(letter));
  }

  private Answer answer(Redriving.Redriven redriven) {
    if (redriven.actions() > 0) {
      wake.run();
    }
    ObjectNode body = Routes.object();
    body.put("redriven", redriven.letters());
    body.put("failed_again", redriven.failedAgain());
    body.put("reward_actions", redriven.actions());
    body.put("open", letters.open());
    return Routes.ok(body);
  }

  static void write(ArrayNode into, List<DeadLetters.Letter> letters) {
    letters.forEach(letter -> into.add(body(letter)));
  }

  private static ObjectNode body(DeadLetters.Letter letter) {
    ObjectNode body = Routes.object();
    body.put("dead_letter_id", letter.id());
    body.put("source", letter.source());
    body.put("id", letter.eventId());
    body.put("type", letter.type());
    body.put("origin", letter.origin());
    body.put("reason", letter.reason());
    body.put("status", letter.state());
    body.put("redrivable", letter.isRedrivable());
    body.put("redrives", letter.redrives());
    Routes.put(body, "created_at", letter.createdAt());
    Routes.put(body, "closed_at", letter.closedAt());
    Routes.put(body, "closed_by", letter.closedBy());
    Routes.put(body, "closed_reason", letter.closedReason());
    return body;
  }
}
