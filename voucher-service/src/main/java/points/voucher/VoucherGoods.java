package points.voucher;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import points.kit.Codes;
import points.kit.Database;
import points.kit.Outbox;
import points.kit.ProblemException;
import points.purchases.Goods;
import points.purchases.Machine;
import points.purchases.Purchase;
import points.purchases.PurchaseError;

/** Vouchers, as the saga must know them: one leaves the stock with its order, or comes back. */
record VoucherGoods(Database database, Duration holdTime) implements Goods {
  static final Machine MACHINE = Machine.withRefund("refund");

  private static final int CODE_GROUPS = 4;
  private static final VoucherTable VOUCHERS = new VoucherTable();

  @Override
  public String aggregate() {
    return "purchase";
  }

  @Override
  public String item() {
    return "voucher";
  }

  @Override
  public String reason() {
    return "voucher.purchase";
  }

  @Override
  public Machine machine() {
    return MACHINE;
  }

  @Override
  public void entered(Connection transaction, Purchase purchase) throws SQLException {
    switch (purchase.state()) {
      case RESERVING -> takeOne(transaction, purchase);
      case REFUSED, CANCELLED, EXPIRED -> putBack(transaction, purchase);
      case PAID -> {
        StockTable.issue(transaction, purchase.id(), Codes.next(CODE_GROUPS));
        tell(transaction, purchase, "voucher.purchased", purchased(transaction, purchase));
      }
      case REFUNDING -> StockTable.makeVoid(transaction, purchase.id());
      case REFUNDED -> {
        putBack(transaction, purchase);
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        tell(
            transaction,
            purchase,
            "voucher.refunded",
            data.put("purchase_id", purchase.id().toString()));
      }
      case RESERVED, CONFIRMING, CANCELLING, COMPLETED -> {}
    }
  }

  private static void takeOne(Connection transaction, Purchase purchase) throws SQLException {
    if (!StockTable.takeOne(transaction, purchase.order().itemId())) {
      throw new ProblemException(
          PurchaseError.SOLD_OUT, "There is no voucher of this kind left; nothing was charged.");
    }
  }

  private static void putBack(Connection transaction, Purchase purchase) throws SQLException {
    StockTable.putBack(transaction, purchase.order().itemId());
  }

  private static ObjectNode purchased(Connection transaction, Purchase purchase)
      throws SQLException {
    Voucher voucher = VOUCHERS.find(transaction, purchase.order().itemId()).orElseThrow();
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.put("purchase_id", purchase.id().toString());
    data.put("voucher_id", voucher.id().toString());
    data.put("user_id", purchase.order().userId());
    data.put("partner_id", voucher.partnerId());
    ArrayNode proSpacers = data.putArray("pro_spacer_ids");
    voucher.proSpacerIds().forEach(proSpacers::add);
    data.put("points_paid", purchase.order().points());
    data.put("price", voucher.pricePoints());
    return data;
  }

  private static void tell(Connection transaction, Purchase purchase, String type, ObjectNode data)
      throws SQLException {
    Outbox.write(transaction, "purchase:" + purchase.id(), type, data);
  }

  @Override
  public void describe(Purchase purchase, ObjectNode body) throws SQLException {
    Voucher voucher =
        database
            .inTransaction(transaction -> VOUCHERS.find(transaction, purchase.order().itemId()))
            .orElseThrow();
    body.put("price", voucher.pricePoints());
    Optional<String> code =
        database.inTransaction(transaction -> StockTable.code(transaction, purchase.id()));
    code.ifPresent(text -> body.put("code", text));
  }
}
