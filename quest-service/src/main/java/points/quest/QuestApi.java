package points.quest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.List;
import points.kit.Call;
import points.kit.Database;
import points.kit.Fields;
import points.kit.Http;
import points.kit.TextRule;
import points.kit.Uuid7;
import points.purchases.Action;
import points.purchases.Catalogue;
import points.purchases.Payment;
import points.purchases.Purchase;
import points.purchases.PurchaseRoutes;

/** The routes of contracts/openapi/quest.yaml. */
final class QuestApi {
  private static final TextRule TITLE = TextRule.anything(1, 200);
  private static final long PRICE_MAX = 1_000_000_000_000L;

  private final Catalogue<Quest> quests;

  QuestApi(Database database) {
    quests = new Catalogue<>(database, "quest", new QuestTable(), QuestApi::body);
  }

  void mount(Http.Builder http, PurchaseRoutes purchases) {
    quests.mount(http, QuestApi::read);
    purchases.mount(
        http,
        "/quests/{id}/purchases",
        "/purchases",
        this::order,
        List.of(Action.CONFIRM, Action.CANCEL, Action.COMPLETE));
  }

  private static Quest read(Fields fields) {
    return new Quest(
        Uuid7.next(),
        fields.text("title", TITLE),
        fields.integer("price_points", 1, PRICE_MAX),
        fields.choiceOr("payment", Payment.HOLD));
  }

  private Purchase.Order order(Call call) throws SQLException {
    Fields fields = call.json();
    String user = fields.text("user_id", TextRule.PERSON);
    String requestId = fields.text("request_id", PurchaseRoutes.REQUEST_ID);
    fields.done();
    Quest quest = quests.get(PurchaseRoutes.id(call));
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

  private static ObjectNode body(Quest quest) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("quest_id", quest.id().toString());
    body.put("title", quest.title());
    body.put("price_points", quest.pricePoints());
    body.put("payment", quest.payment().wire());
    return body;
  }
}
