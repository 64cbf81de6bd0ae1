package points.connect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import points.connect.postgres.Backtests;
import points.connect.rules.RuleReader;
import points.kit.Answer;
import points.kit.Call;
import points.kit.Fields;
import points.kit.StrictJson;

/** {@code /rules/backtest}: what a draft would have given in a past period. */
final class BacktestApi {
  private final Backtesting backtesting;
  private final Backtests backtests;
  private final RuleReader reader;

  BacktestApi(Backtesting backtesting, Backtests backtests, RuleReader reader) {
    this.backtesting = backtesting;
    this.backtests = backtests;
    this.reader = reader;
  }

  void mount(Routes routes) {
    routes.act("POST", "/rules/backtest", RuleApi.JSON_BODY, this::begin);
    routes.read("/rules/backtests/{id}", this::one);
  }

  private Answer begin(Call call) {
    call.query().done();
    Fields fields = call.json();
    String yaml = fields.text("rule", RuleApi.YAML);
    Instant from = fields.instant("from");
    Instant until = fields.instant("until");
    if (fields.isValid() && !from.isBefore(until)) {
      fields.refuse("until", "must be after from");
    }
    fields.done();
    Backtesting.Draft draft =
        new Backtesting.Draft(
            RuleApi.read(reader, yaml), yaml, from, until, call.caller().subject());
    return Answer.json(202, body(get(backtesting.begin(draft))));
  }

  private Answer one(Call call) {
    UUID id = Routes.uuid(call, "id");
    call.query().done();
    return Routes.ok(body(get(id)));
  }

  private Backtests.Test get(UUID id) {
    Backtests.Test test = backtests.find(id);
    if (test == null) {
      throw Routes.notFound("backtest " + id);
    }
    return test;
  }

  private static ObjectNode body(Backtests.Test test) {
    ObjectNode body = Routes.object();
    body.put("backtest_id", test.id().toString());
    body.put("rule", test.rule());
    body.put("author", test.author());
    Routes.put(body, "from", test.from());
    Routes.put(body, "until", test.until());
    body.put("status", test.state());
    body.put("events_done", test.done());
    body.put("events_all", test.all());
    String result = test.result();
    if (test.state().equals("failed")) {
      body.put("why", result == null ? "the process that ran it is gone" : why(result));
    } else if (result != null) {
      body.set("result", json(result));
    }
    Routes.put(body, "created_at", test.createdAt());
    Routes.put(body, "updated_at", test.updatedAt());
    return body;
  }

  private static String why(String result) {
    return json(result).path("why").asText();
  }

  private static ObjectNode json(String text) {
    return StrictJson.parseObject(text.getBytes(StandardCharsets.UTF_8));
  }
}
