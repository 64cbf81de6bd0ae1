package points.connect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import points.connect.postgres.ActionQueries;
import points.connect.postgres.Retrying;
import points.connect.postgres.Settling;
import points.connect.rules.ActionState;
import points.kit.Answer;
import points.kit.Call;
import points.kit.Fields;
import points.kit.Problem;
import points.kit.ProblemException;
import points.kit.TextRule;

/** {@code /reward-actions}: what was given, or is to be, and why not. */
final class ActionApi {
  private static final TextRule CURSOR =
      TextRule.matching(
          "[0-9]{1,18}\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
          55, "the next_cursor of the page before");

  private static final TextRule REFERENCE = TextRule.visibleAscii(1, 128);
  private static final TextRule CODE =
      TextRule.matching("[a-z][a-z0-9_]{0,63}", 64, "1 to 64 of [a-z0-9_]");
  private static final TextRule DETAIL = TextRule.anything(1, 500);

  /** How what is taken back of an action stands. */
  private enum ReversalState {
    PENDING,
    DONE,
    REFUSED,
    DEAD,
    VOID
  }

  private final ActionQueries actions;
  private final Retrying retrying;
  private final Settling settling;
  private final Runnable wake;

  /**
   * The routes.
   *
   * @param wake tells that there is something to send
   */
  ActionApi(ActionQueries actions, Retrying retrying, Settling settling, Runnable wake) {
    this.actions = actions;
    this.retrying = retrying;
    this.settling = settling;
    this.wake = wake;
  }

  void mount(Routes routes) {
    routes.read("/reward-actions", this::list);
    routes.read("/reward-actions/{id}", this::one);
    routes.act("POST", "/reward-actions/{id}/retry", this::retry);
    routes.dispatch("/reward-actions/{id}/settle", this::settle);
  }

  private Answer list(Call call) {
    Fields query = call.query();
    ActionState status = query.optionalChoice("status", ActionState.class);
    ReversalState reversal = query.optionalChoice("reversal_status", ReversalState.class);
    ActionQueries.Filter filter =
        new ActionQueries.Filter(
            status == null ? null : status.wire(),
            reversal == null ? null : reversal.name().toLowerCase(Locale.ROOT),
            query.optionalText("account", Routes.TEXT),
            query.optionalText("source", Routes.TEXT),
            query.optionalText("event", Routes.TEXT),
            query.optionalText("rule", Routes.TEXT),
            query.optionalText("type", Routes.TEXT));
    int limit = Routes.limit(query);
    String cursor = query.optionalText("cursor", CURSOR);
    query.done();
    var found = actions.page(filter, place(cursor), limit + 1);
    ObjectNode body = Routes.object();
    var page = found.subList(0, Math.min(limit, found.size()));
    write(body.putArray("reward_actions"), page);
    body.put("next_cursor", found.size() > limit ? cursor(page.getLast()) : null);
    return Routes.ok(body);
  }

  private static ActionQueries.@Nullable Place place(@Nullable String cursor) {
    if (cursor == null) {
      return null;
    }
    int dot = cursor.indexOf('.');
    return new ActionQueries.Place(
        Long.parseLong(cursor.substring(0, dot)), UUID.fromString(cursor.substring(dot + 1)));
  }

  private static String cursor(ActionQueries.ActionRow last) {
    return last.eventSeq() + "." + last.action();
  }

  private Answer one(Call call) {
    call.query().done();
    return Routes.ok(body(get(Routes.uuid(call, "id"))));
  }

  private ActionQueries.ActionRow get(UUID id) {
    ActionQueries.ActionRow action = actions.find(id);
    if (action == null) {
      throw Routes.notFound("RewardAction " + id);
    }
    return action;
  }

  private Answer retry(Call call) {
    UUID id = Routes.uuid(call, "id");
    Routes.nothing(call);
    return switch (retrying.retry(id)) {
      case Retrying.Retried.Unknown unused -> throw Routes.notFound("RewardAction " + id);
      case Retrying.Retried.Impossible impossible ->
          throw refused(ConnectError.NOT_RETRYABLE, "Not retried", impossible.why(), get(id));
      case Retrying.Retried.Yes unused -> {
        wake.run();
        yield Routes.ok(body(get(id)));
      }
    };
  }

  private Answer settle(Call call) {
    UUID id = Routes.uuid(call, "id");
    call.query().done();
    Fields fields = call.json();
    Settling.Part part = fields.choiceOr("of", Settling.Part.REWARD);
    Settling.Outcome outcome = fields.choice("outcome", Settling.Outcome.class);
    String reference = fields.optionalText("reference", REFERENCE);
    String code = fields.optionalText("code", CODE);
    String detail = fields.optionalText("detail", DETAIL);
    if (fields.isValid() && (code == null) != (outcome == Settling.Outcome.DONE)) {
      fields.refuse("code", "must say why not, and is absent where it is done");
    }
    fields.done();
    Settling.Report report = new Settling.Report(part, outcome, reference, code, detail);
    return switch (settling.settle(id, report)) {
      case Settling.Settled.Unknown unused -> throw Routes.notFound("RewardAction " + id);
      case Settling.Settled.Impossible impossible ->
          throw refused(ConnectError.NOT_SETTLEABLE, "Not settled", impossible.why(), get(id));
      case Settling.Settled.Yes unused -> Routes.ok(body(get(id)));
    };
  }

  private static ProblemException refused(
      ConnectError error, String what, String why, ActionQueries.ActionRow action) {
    return new ProblemException(
        Problem.of(error, what + ": " + why + ".").with("reward_action_status", action.state()));
  }

  static void write(ArrayNode into, List<ActionQueries.ActionRow> actions) {
    actions.forEach(action -> into.add(body(action)));
  }

  private static ObjectNode body(ActionQueries.ActionRow action) {
    ObjectNode body = Routes.object();
    body.put("reward_action_id", action.action().toString());
    body.set(
        "event", event(action.eventSource(), action.eventId()).put("type", action.eventType()));
    body.put("rule", action.rule());
    body.put("revision", action.revision());
    body.put("reward_index", action.rewardIndex());
    body.put("account", action.account());
    body.put("type", action.type());
    body.put("points", action.points());
    body.put("reason", action.reason());
    Routes.put(body, "available_at", action.availableAt());
    Routes.put(body, "expires_at", action.expiresAt());
    body.put("status", action.state());
    body.put("external_id", action.externalId());
    body.put("attempts", action.attempts());
    if (action.state().equals("pending")) {
      Routes.put(body, "next_attempt_at", action.nextAt());
    }
    Routes.put(body, "transaction_id", action.transaction());
    Routes.put(body, "reference", action.reference());
    Routes.put(body, "code", action.code());
    Routes.put(body, "detail", action.detail());
    Routes.put(body, "created_at", action.createdAt());
    Routes.put(body, "settled_at", action.settledAt());
    ActionQueries.ReversalRow reversal = action.reversal();
    if (reversal != null) {
      body.set("reversal", body(reversal));
    }
    return body;
  }

  private static ObjectNode body(ActionQueries.ReversalRow reversal) {
    ObjectNode body = Routes.object();
    body.put("status", reversal.state());
    body.put("policy", reversal.policy());
    body.put("rule", reversal.rule());
    body.put("revision", reversal.revision());
    body.set("event", event(reversal.eventSource(), reversal.eventId()));
    Routes.put(body, "points", reversal.points());
    body.put("attempts", reversal.attempts());
    if (reversal.state().equals("pending")) {
      Routes.put(body, "next_attempt_at", reversal.nextAt());
    }
    Routes.put(body, "transaction_id", reversal.transaction());
    Routes.put(body, "reference", reversal.reference());
    Routes.put(body, "code", reversal.code());
    Routes.put(body, "detail", reversal.detail());
    Routes.put(body, "created_at", reversal.createdAt());
    Routes.put(body, "settled_at", reversal.settledAt());
    return body;
  }

  private static ObjectNode event(String source, String id) {
    return Routes.object().put("source", source).put("id", id);
  }
}
