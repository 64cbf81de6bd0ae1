package points.quest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import points.kit.Outbox;
import points.purchases.Goods;
import points.purchases.Machine;
import points.purchases.Purchase;
import points.purchases.State;

/** Quests, as the saga must know them: there are always enough, and completing one is an event. */
record QuestGoods(Duration holdTime) implements Goods {
  @Override
  public String aggregate() {
    return "purchase";
  }

  @Override
  public String item() {
    return "quest";
  }

  @Override
  public String reason() {
    return "quest.purchase";
  }

  @Override
  public Machine machine() {
    return Machine.WITH_COMPLETION;
  }

  @Override
  public void entered(Connection transaction, Purchase purchase) throws SQLException {
    if (purchase.state() == State.COMPLETED) {
      ObjectNode data = JsonNodeFactory.instance.objectNode();
      data.put("quest_id", purchase.order().itemId().toString());
      data.put("purchase_id", purchase.id().toString());
      data.put("user_id", purchase.order().userId());
      Outbox.write(transaction, "purchase:" + purchase.id(), "quest.completed", data);
    }
  }

  @Override
  public void describe(Purchase purchase, ObjectNode body) {}
}
