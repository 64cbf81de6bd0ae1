package points.voucher;

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

/** The routes of contracts/openapi/voucher.yaml. */
final class VoucherApi {
  private static final TextRule TITLE = TextRule.anything(1, 200);
  private static final long PRICE_MAX = 1_000_000_000_000L;
  private static final int STOCK_MAX = 1_000_000_000;
  private static final int PRO_SPACERS_MAX = 100;
  private static final int LIMIT_DEFAULT = 50;
  private static final int LIMIT_MAX = 200;

  private final Database database;

  VoucherApi(Database database) {
    this.database = database;
  }

  void mount(Http.Builder http, PurchaseRoutes purchases) {
    http.blocking("POST", "/vouchers", PurchaseRoutes.MANAGE, this::create);
    http.blocking("GET", "/vouchers", PurchaseRoutes.READ, this::list);
    http.blocking(
        "GET",
        "/vouchers/{id}",
        PurchaseRoutes.READ,
        call -> {
          call.query().done();
          return Answer.json(200, body(voucher(PurchaseRoutes.id(call))));
        });
    purchases.mount(
        http,
        "/vouchers/{id}/purchases",
        "/purchases",
        this::order,
        List.of(Action.CONFIRM, Action.CANCEL, Action.REFUND));
  }

  private Answer create(Call call) throws SQLException {
    Fields fields = call.json();
    Voucher voucher =
        new Voucher(
            Uuid7.next(),
            fields.text("title", TITLE),
            fields.text("partner_id", PurchaseRoutes.PERSON),
            fields.texts("pro_spacer_ids", PRO_SPACERS_MAX, PurchaseRoutes.PERSON),
            fields.integer("price_points", 1, PRICE_MAX),
            (int) fields.integer("stock", 0, STOCK_MAX),
            fields.choiceOr("payment", Payment.HOLD));
    fields.done();
    database.<@Nullable Void>inTransaction(
        transaction -> {
          VoucherTable.insert(transaction, voucher);
          return null;
        });
    return Answer.json(201, body(voucher));
  }

  private Answer list(Call call) throws SQLException {
    Fields query = call.query();
    int limit = (int) query.integerOr("limit", 1, LIMIT_MAX, LIMIT_DEFAULT);
    String cursor = query.optionalText("cursor", PurchaseRoutes.UUID_TEXT);
    query.done();
    UUID before = cursor == null ? null : UUID.fromString(cursor);
    List<Voucher> found =
        database.inTransaction(transaction -> VoucherTable.list(transaction, before, limit + 1));
    List<Voucher> page = found.subList(0, Math.min(limit, found.size()));
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode vouchers = body.putArray("vouchers");
    page.forEach(voucher -> vouchers.add(body(voucher)));
    body.put("next_cursor", found.size() > limit ? page.getLast().id().toString() : null);
    return Answer.json(200, body);
  }

  private Purchase.Order order(Call call) throws SQLException {
    Fields fields = call.json();
    String user = fields.text("user_id", PurchaseRoutes.PERSON);
    String requestId = fields.text("request_id", PurchaseRoutes.REQUEST_ID);
    Long points = fields.optionalInteger("points", 1, PRICE_MAX);
    fields.done();
    Voucher voucher = voucher(PurchaseRoutes.id(call));
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

  private Voucher voucher(UUID id) throws SQLException {
    return database
        .inTransaction(transaction -> VoucherTable.find(transaction, id))
        .orElseThrow(
            () -> new ProblemException(CommonError.NOT_FOUND, "There is no voucher " + id + "."));
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
