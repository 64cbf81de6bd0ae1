package points.voucher;

import io.vertx.core.Vertx;
import java.net.URI;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import points.kit.Settings;
import points.purchases.Surroundings;
import points.service.contract.Answer;
import points.service.contract.ApiClient;
import points.service.contract.OpenApi;

/** A real Voucher Service; every answer is held to its OpenAPI document. */
final class TestVoucher implements AutoCloseable {
  private static final Vertx VERTX = Vertx.vertx();
  private static final OpenApi API = OpenApi.of("contracts/openapi/voucher.yaml");

  final VoucherService service;
  final ApiClient app;
  final ApiClient admin;

  TestVoucher(Surroundings around) {
    this(around, Map.of());
  }

  TestVoucher(Surroundings around, Map<String, String> settings) {
    Settings.Builder builder = Settings.of(VoucherService.PREFIX, VoucherService.settings());
    around.settings().forEach(builder::override);
    settings.forEach(builder::override);
    service = VoucherService.start(builder.load(), VERTX);
    try {
      app = client().as(service.keys().rotate("app").reveal());
      admin = client().as(service.keys().rotate("admin").reveal());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  ApiClient client() {
    return ApiClient.at(URI.create(service.url()), API);
  }

  /** Offers a voucher and returns its id. */
  String voucher(long price, int stock, String payment) {
    return voucher(admin, price, stock, payment);
  }

  static String voucher(ApiClient admin, long price, int stock, String payment) {
    Answer answer =
        admin.post(
            "/vouchers",
            Map.of(
                "title",
                "Dinner for two",
                "partner_id",
                "bistro",
                "pro_spacer_ids",
                List.of("7", "8"),
                "price_points",
                price,
                "stock",
                stock,
                "payment",
                payment));
    return answer.text("voucher_id");
  }

  Answer buy(String voucher, String user, String requestId) {
    return buy(app, voucher, user, requestId);
  }

  static Answer buy(ApiClient app, String voucher, String user, String requestId) {
    return app.post(
        "/vouchers/" + voucher + "/purchases", Map.of("user_id", user, "request_id", requestId));
  }

  long stock(String voucher) {
    return app.get("/vouchers/" + voucher).number("stock");
  }

  Answer act(String purchase, String action) {
    return app.post("/purchases/" + purchase + "/" + action, Map.of());
  }

  Answer purchase(String id) {
    return app.get("/purchases/" + id);
  }

  @Override
  public void close() {
    service.close();
  }
}
