package points.purchases;

import java.util.List;
import java.util.UUID;
import points.kit.Call;
import points.kit.Fields;
import points.kit.Http;
import points.kit.Permission;
import points.kit.TextRule;

/** The calls that every selling service has: to order, to look, and what can be asked later. */
public final class PurchaseRoutes {
  /** To buy, and what comes after. */
  public static final Permission BUY = Permission.of("buy");

  /** To look. */
  public static final Permission READ = Permission.of("read");

  /** To change what is sold. */
  public static final Permission MANAGE = Permission.of("manage");

  /** What names an order. */
  public static final TextRule REQUEST_ID = TextRule.visibleAscii(1, 128);

  /** Ids that a service makes. */
  public static final TextRule UUID_TEXT =
      TextRule.matching(
          "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
          36, "a UUID as the service made it");

  /** Who may do what unless a setting says otherwise. */
  public static final String POLICY = "app=buy,read; admin=manage,buy,read,admin";

  /** Reads an order from a call. */
  @FunctionalInterface
  public interface OrderReader {
    /** The order; throws what is wrong with it as a {@link points.kit.ProblemException}. */
    Purchase.Order read(Call call) throws Exception;
  }

  private final Purchases purchases;
  private final Goods goods;

  /** The routes of these purchases. */
  public PurchaseRoutes(Purchases purchases, Goods goods) {
    this.purchases = purchases;
    this.goods = goods;
  }

  /**
   * Adds the routes.
   *
   * @param orders where orders are posted to
   * @param collection where purchases are, such as {@code /purchases}
   */
  public void mount(
      Http.Builder http,
      String orders,
      String collection,
      OrderReader reader,
      List<Action> actions) {
    http.blocking(
        "POST",
        orders,
        BUY,
        call -> PurchaseAnswers.ordered(purchases.order(reader.read(call)), goods));
    http.blocking(
        "GET",
        collection + "/{id}",
        READ,
        call -> {
          call.query().done();
          return PurchaseAnswers.shown(purchases.get(id(call)), goods);
        });
    for (Action action : actions) {
      http.blocking(
          "POST",
          collection + "/{id}/" + action.name(),
          BUY,
          call -> {
            Fields nothing = call.json();
            nothing.done();
            return PurchaseAnswers.shown(purchases.act(id(call), action), goods);
          });
    }
  }

  /** The {@code {id}} of a path. */
  public static UUID id(Call call) {
    return UUID.fromString(call.path("id", UUID_TEXT));
  }
}
