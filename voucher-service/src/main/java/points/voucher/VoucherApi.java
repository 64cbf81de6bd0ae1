package points.voucher;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.List;
import points.kit.Call;
import points.kit.Database;
import points.kit.Fields;
import points.kit.Http;
import points.kit.ProblemException;
import points.kit.TextRule;
import points.kit.Uuid7;
import points.purchases.Action;
import points.purchases.Catalogue;
import points.purchases.Payment;
import points.purchases.Purchase;
import points.purchases.PurchaseRoutes;

/** The routes of contracts/openapi/voucher.yaml. */
final class VoucherApi {
  private static final TextRule TITLE = TextRule.anything(1, 200);
  private static final long PRICE_MAX = 1_000_000_000_000L;
  private static final int STOCK_MAX = 1_000_000_000;
  private static final int PRO_SPACERS_MAX = 100;

  private final Catalogue<Voucher> vouchers;

  VoucherApi(Database database) {
    vouchers = new Catalogue<>(database, "voucher", new VoucherTable(), VoucherApi::body);
  }

  void mount(Http.Builder http, PurchaseRoutes purchases) {
    vouchers.mount(http, VoucherApi::read);
    purchases.mount(
        http,
        "/vouchers/{id}/purchases",
        "/purchases",
        this::order,
        List.of(Action.CONFIRM, Action.CANCEL, Action.REFUND));
  }

  private static Voucher read(Fields fields) {
    return new Voucher(
        Uuid7.next(),
        fields.text("title", TITLE),
        fields.text("partner_id", TextRule.PERSON),
        fields.texts("pro_spacer_ids", PRO_SPACERS_MAX, TextRule.PERSON),
        fields.integer("price_points", 1, PRICE_MAX),
        (int) fields.integer("stock", 0, STOCK_MAX),
        fields.choiceOr("payment", Payment.HOLD));
  }

  private Purchase.Order order(Call call) throws SQLException {
    Fields fields = call.json();
    String user = fields.text("user_id", TextRule.PERSON);
    String requestId = fields.text("request_id", PurchaseRoutes.REQUEST_ID);
    Long points = fields.optionalInteger("points", 1, PRICE_MAX);
    fields.done();
    Voucher voucher = vouchers.get(PurchaseRoutes.id(call));
    long paid = points == null ? voucher.pricePoints() : points;
    if (paid > voucher.pricePoints()) {
      throw ProblemException.invalid(
          "points", "must be at most the price, " + voucher.pricePoints());
    }
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    request.put("voucher_id", voucher.id().toString());
    request.put("user_id", user);
    request.put("points", paid);
    return new Purchase.Order(
        call.caller().source(), requestId, request, voucher.id(), user, paid, voucher.payment());
  }

  private static ObjectNode body(Voucher voucher) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("voucher_id", voucher.id().toString());
    body.put("title", voucher.title());
    body.put("partner_id", voucher.partnerId());
    ArrayNode proSpacers = body.putArray("pro_spacer_ids");
    voucher.proSpacerIds().forEach(proSpacers::add);
    body.put("price_points", voucher.pricePoints());
    body.put("stock", voucher.stock());
    body.put("payment", voucher.payment().wire());
    return body;
  }
}
