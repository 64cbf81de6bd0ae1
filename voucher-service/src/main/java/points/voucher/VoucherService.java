package points.voucher;

import io.vertx.core.Vertx;
import java.util.List;
import points.kit.ApiKeys;
import points.kit.Service;
import points.kit.ServiceFrame;
import points.kit.Setting;
import points.kit.Settings;
import points.purchases.PurchaseSettings;
import points.purchases.Shop;

/** Voucher Service, running. Thread-safe. */
public final class VoucherService implements Service {
  /** The schema that the service owns; also the source of its events. */
  public static final String SCHEMA = "voucher";

  /** The prefix of the environment variables. */
  public static final String PREFIX = "VOUCHER";

  private static final int PORT = 8084;

  private final ServiceFrame frame;

  private VoucherService(ServiceFrame frame) {
    this.frame = frame;
  }

  /** All that can be set. */
  public static List<Setting<?>> settings() {
    return PurchaseSettings.all(PORT);
  }

  /**
   * Starts the service; when this returns it serves.
   *
   * @param vertx may be shared with other services; it is not closed here
   * @throws points.kit.DatabaseUnusable if the database will not do
   * @throws points.kit.SettingsException if a key is missing
   */
  public static VoucherService start(Settings settings, Vertx vertx) {
    return new VoucherService(
        Shop.start(
            SCHEMA,
            settings,
            vertx,
            (database, set) -> new VoucherGoods(database, PurchaseSettings.holdTime(set)),
            (http, database, goods, purchases) -> new VoucherApi(database).mount(http, purchases)));
  }

  @Override
  public String url() {
    return frame.url();
  }

  /** The port that it listens on. */
  public int port() {
    return frame.port();
  }

  @Override
  public ApiKeys keys() {
    return frame.keys();
  }

  @Override
  public void notReady() {
    frame.notReady();
  }

  /** Stops in order: no more requests, then the rest. */
  @Override
  public void close() {
    frame.close();
  }
}
