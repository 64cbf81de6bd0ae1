package points.connect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import points.connect.events.CloudEvents;
import points.connect.events.IncomingEvent;
import points.connect.postgres.ActionQueries;
import points.connect.postgres.DeadLetters;
import points.connect.postgres.EventQueries;
import points.connect.postgres.RuleStore;
import points.connect.rules.Event;
import points.connect.rules.RuleBook;
import points.kit.Answer;
import points.kit.Call;

/** {@code GET /events/{source}/{id}}: an event, what came of it, and why. */
final class EventApi {
  /** What was kept was strict when it came in; in binary mode it is a level deeper by now. */
  private static final ObjectMapper KEPT =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final EventQueries events;
  private final ActionQueries actions;
  private final DeadLetters letters;
  private final RuleStore rules;
  private final CloudEvents reader;

  EventApi(
      EventQueries events,
      ActionQueries actions,
      DeadLetters letters,
      RuleStore rules,
      CloudEvents reader) {
    this.events = events;
    this.actions = actions;
    this.letters = letters;
    this.rules = rules;
    this.reader = reader;
  }

  void mount(Routes routes) {
    routes.read("/events/{source}/{id}", this::one);
  }

  /** Reads again an event that was kept. */
  static IncomingEvent again(CloudEvents reader, String body, Instant time) {
    return reader.again(json(body), time);
  }

  private static ObjectNode json(String kept) {
    try {
      return (ObjectNode) KEPT.readTree(kept);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Answer one(Call call) {
    call.query().done();
    EventQueries.EventRow event = events.find(call.path("source"), call.path("id"));
    if (event == null) {
      throw Routes.notFound("event of this source and id");
    }
    ObjectNode body = Routes.object();
    body.put("source", event.source());
    body.put("id", event.id());
    body.put("type", event.type());
    Routes.put(body, "time", event.time());
    body.put("publisher", event.publisher());
    body.put("status", event.state());
    Routes.put(body, "received_at", event.receivedAt());
    body.set("event", json(event.body()));
    ActionApi.write(body.putArray("reward_actions"), actions.ofEvent(event.seq()));
    ActionApi.write(body.putArray("takes_back"), actions.takenBackBy(event.seq()));
    cancels(event, body.putArray("cancels"));
    explain(event, body.putArray("rules"));
    LetterApi.write(body.putArray("dead_letters"), letters.ofEvent(event.seq()));
    return Routes.ok(body);
  }

  private void cancels(EventQueries.EventRow event, ArrayNode into) {
    for (EventQueries.CancellationRow row : events.cancellations(event.seq())) {
      into.addObject()
          .put("rule", row.rule())
          .put("event", row.event())
          .put("key", row.key())
          .put("status", row.waiting() ? "waiting" : "found");
    }
  }

  /** By the rules that were in force when it was decided: they never change, so this holds. */
  private void explain(EventQueries.EventRow row, ArrayNode into) {
    Event facts = again(reader, row.body(), row.time()).facts();
    if (facts == null) {
      return; // its dead letter says why
    }
    List<EventQueries.CutRow> cuts = events.cuts(row.seq());
    RuleBook book = rules.book().asOf(row.ruleset());
    for (RuleBook.Activation activation : book.inForce(row.type(), row.time())) {
      String rule = activation.rule().rule().name();
      ObjectNode one = into.addObject();
      one.put("rule", rule);
      one.put("revision", activation.revision());
      VerdictBody.write(one, activation.rule().apply(facts));
      ArrayNode own = one.putArray("cuts");
      cuts.stream().filter(cut -> cut.rule().equals(rule)).forEach(cut -> own.add(cut(cut)));
    }
  }

  private static ObjectNode cut(EventQueries.CutRow cut) {
    ObjectNode body = Routes.object();
    body.put("reward_index", cut.rewardIndex());
    body.put("account", cut.account());
    body.put("wanted", cut.wanted());
    body.put("granted", cut.granted());
    body.put("limit", cut.by());
    return body;
  }
}
