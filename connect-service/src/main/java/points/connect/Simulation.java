package points.connect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import points.connect.events.CloudEvents;
import points.connect.events.IncomingEvent;
import points.connect.postgres.AllowanceQueries;
import points.connect.rules.Allowances;
import points.connect.rules.CheckedRule;
import points.connect.rules.Decision;
import points.connect.rules.Event;
import points.connect.rules.Limit;
import points.connect.rules.Proposal;
import points.connect.rules.RewardAction;
import points.connect.rules.RuleBook;
import points.connect.rules.RuleReader;
import points.connect.rules.Verdict;
import points.kit.Answer;
import points.kit.Call;
import points.kit.Fields;
import points.kit.StrictJson;

/**
 * {@code POST /rules/simulate}: what a draft would give for an event, and why. Keeps nothing.
 *
 * @param reader of rules
 * @param events reader of events
 * @param allowances how the counters of limits stand
 * @param rewardTypes that somebody dispatches
 * @param clock of the service
 */
record Simulation(
    RuleReader reader,
    CloudEvents events,
    AllowanceQueries allowances,
    Set<String> rewardTypes,
    InstantSource clock) {
  private static final int EVENT_BYTES_MAX = 64 * 1024;
  private static final int DEPTH_MAX = 32;

  void mount(Routes routes) {
    routes.ask("/rules/simulate", RuleApi.JSON_BODY, this::simulate);
  }

  private Answer simulate(Call call) {
    call.query().done();
    Fields fields = call.json();
    String event = fields.optionalObject("event", EVENT_BYTES_MAX, DEPTH_MAX);
    if (event == null) {
      fields.refuse("event", "is missing");
    }
    String draft = fields.text("rule", RuleApi.YAML);
    fields.done();
    CheckedRule rule = RuleApi.read(reader, draft);
    byte[] json = String.valueOf(event).getBytes(StandardCharsets.UTF_8);
    IncomingEvent read = events.structured(StrictJson.parseObject(json), "event.");
    ObjectNode body = Routes.object().put("rule", rule.rule().name());
    if (!read.type().equals(rule.rule().event())) {
      String why = "the rule looks at " + rule.rule().event() + " only";
      return Routes.ok(nothing(body, "other_type", why));
    }
    Event facts = read.facts();
    if (facts == null) {
      return Routes.ok(nothing(body, "unfit", String.valueOf(read.misfit())));
    }
    return Routes.ok(decided(body, rule, facts));
  }

  private static ObjectNode nothing(ObjectNode body, String outcome, String why) {
    body.put("outcome", outcome).put("why", why);
    body.putArray("gives");
    body.putArray("cuts");
    return body;
  }

  private ObjectNode decided(ObjectNode body, CheckedRule rule, Event event) {
    Verdict verdict = rule.apply(event);
    VerdictBody.write(body, verdict);
    Proposal proposal = proposal(rule, event, verdict);
    Allowances standing = allowances.standing(proposal.allowances());
    ArrayNode used = used(rule, proposal, standing);
    Decision decision =
        Decision.of(
            proposal,
            standing,
            new Decision.Terms(
                clock.instant().truncatedTo(ChronoUnit.MICROS), name -> false, rewardTypes));
    var gives = body.putArray("gives");
    decision.actions().forEach(action -> gives.add(gift(action)));
    var cuts = body.putArray("cuts");
    decision.cuts().forEach(cut -> cuts.add(cut(cut)));
    if (verdict instanceof Verdict.Matched) {
      body.set("used", used);
      Routes.put(body, "takes_back_key", rule.cancellingKey(event));
    }
    return body;
  }

  /** What was given before of what the limits allow. */
  private static ArrayNode used(CheckedRule rule, Proposal proposal, Allowances standing) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    Set<String> accounts = new LinkedHashSet<>();
    proposal.matches().forEach(m -> m.awards().forEach(award -> accounts.add(award.account())));
    for (Limit limit : rule.limits()) {
      boolean shared = limit.scope() == Limit.Scope.ALL;
      for (String account : shared ? Set.of("") : accounts) {
        Allowances.Key key =
            Allowances.Key.of(
                rule.rule().name(), limit.counter(), account, proposal.event().time());
        Allowances.Used used = standing.standing(key);
        ObjectNode one = all.addObject().put("limit", limit.describe());
        Routes.put(one, "account", shared ? null : account);
        one.put("rewards", used.count()).put("points", used.points());
      }
    }
    return all;
  }

  /** What a draft alone proposes, as if it were in force. */
  static Proposal proposal(CheckedRule rule, Event event, Verdict verdict) {
    if (!(verdict instanceof Verdict.Matched matched)) {
      return new Proposal(event, List.of(), Map.of(), null);
    }
    RuleBook.Activation activation = new RuleBook.Activation(0, Instant.EPOCH, 0, rule);
    return new Proposal(
        event, List.of(new Proposal.Match(activation, matched.awards(), null)), Map.of(), null);
  }

  private static ObjectNode gift(RewardAction action) {
    ObjectNode body = Routes.object();
    body.put("reward_index", action.rewardIndex());
    body.put("account", action.account());
    body.put("type", action.type());
    body.put("points", action.points());
    body.put("reason", action.reason());
    Routes.put(body, "available_at", action.availableAt());
    Routes.put(body, "expires_at", action.expiresAt());
    Routes.put(body, "refused", action.refusal());
    return body;
  }

  private static ObjectNode cut(Decision.Cut cut) {
    ObjectNode body = Routes.object();
    body.put("reward_index", cut.award().rewardIndex());
    body.put("account", cut.award().account());
    body.put("wanted", cut.award().points());
    body.put("granted", cut.granted());
    body.put("limit", cut.by().describe());
    return body;
  }
}
