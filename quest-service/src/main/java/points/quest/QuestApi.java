package points.quest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import points.kit.Answer;
import points.kit.Call;
import points.kit.CommonError;
import points.kit.Database;
import points.kit.Fields;
import points.kit.Http;
import points.kit.ProblemException;
import points.kit.TextRule;
import points.kit.Uuid7;
import points.purchases.Action;
import points.purchases.Payment;
import points.purchases.Purchase;
import points.purchases.PurchaseRoutes;

/** The routes of contracts/openapi/quest.yaml. */
final class QuestApi {
  private static final TextRule TITLE = TextRule.anything(1, 200);
  private static final long PRICE_MAX = 1_000_000_000_000L;
  private static final int LIMIT_DEFAULT = 50;
  private static final int LIMIT_MAX = 200;

  private final Database database;

  QuestApi(Database database) {
    this.database = database;
  }

  void mount(Http.Builder http, PurchaseRoutes purchases) {
    http.blocking("POST", "/quests", PurchaseRoutes.MANAGE, this::create);
    http.blocking("GET", "/quests", PurchaseRoutes.READ, this::list);
    http.blocking(
        "GET",
        "/quests/{id}",
        PurchaseRoutes.READ,
        call -> {
          call.query().done();
          return Answer.json(200, body(quest(PurchaseRoutes.id(call))));
        });
    purchases.mount(
        http,
        "/quests/{id}/purchases",
        "/purchases",
        this::order,
        List.of(Action.CONFIRM, Action.CANCEL, Action.COMPLETE));
  }

  private Answer create(Call call) throws SQLException {
    Fields fields = call.json();
    Quest quest =
        new Quest(
            Uuid7.next(),
            fields.text("title", TITLE),
            fields.integer("price_points", 1, PRICE_MAX),
            fields.choiceOr("payment", Payment.HOLD));
    fields.done();
    database.<@Nullable Void>inTransaction(
        transaction -> {
          QuestTable.insert(transaction, quest);
          return null;
        });
    return Answer.json(201, body(quest));
  }

  private Answer list(Call call) throws SQLException {
    Fields query = call.query();
    int limit = (int) query.integerOr("limit", 1, LIMIT_MAX, LIMIT_DEFAULT);
    String cursor = query.optionalText("cursor", PurchaseRoutes.UUID_TEXT);
    query.done();
    UUID before = cursor == null ? null : UUID.fromString(cursor);
    List<Quest> found =
        database.inTransaction(transaction -> QuestTable.list(transaction, before, limit + 1));
    List<Quest> page = found.subList(0, Math.min(limit, found.size()));
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode quests = body.putArray("quests");
    page.forEach(quest -> quests.add(body(quest)));
    body.put("next_cursor", found.size() > limit ? page.getLast().id().toString() : null);
    return Answer.json(200, body);
  }

  private Purchase.Order order(Call call) throws SQLException {
    Fields fields = call.json();
    String user = fields.text("user_id", PurchaseRoutes.PERSON);
    String requestId = fields.text("request_id", PurchaseRoutes.REQUEST_ID);
    fields.done();
    Quest quest = quest(PurchaseRoutes.id(call));
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    request.put("quest_id", quest.id().toString());
    request.put("user_id", user);
    return new Purchase.Order(
        call.caller().source(),
        requestId,
        request,
        quest.id(),
        user,
        quest.pricePoints(),
        quest.payment());
  }

  private Quest quest(UUID id) throws SQLException {
    return database
        .inTransaction(transaction -> QuestTable.find(transaction, id))
        .orElseThrow(
            () -> new ProblemException(CommonError.NOT_FOUND, "There is no quest " + id + "."));
  }

  private static ObjectNode body(Quest quest) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("quest_id", quest.id().toString());
    body.put("title", quest.title());
    body.put("price_points", quest.pricePoints());
    body.put("payment", quest.payment().wire());
    return body;
  }
}
