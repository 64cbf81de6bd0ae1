package points.quest;

import io.vertx.core.Vertx;
import java.util.List;
import points.kit.ApiKeys;
import points.kit.Service;
import points.kit.ServiceFrame;
import points.kit.Setting;
import points.kit.Settings;
import points.purchases.PurchaseSettings;
import points.purchases.Shop;

/** Quest Service, running. Thread-safe. */
public final class QuestService implements Service {
  /** The schema that the service owns; also the source of its events. */
  public static final String SCHEMA = "quest";

  /** The prefix of the environment variables. */
  public static final String PREFIX = "QUEST";

  private static final int PORT = 8083;

  private final ServiceFrame frame;

  private QuestService(ServiceFrame frame) {
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
  public static QuestService start(Settings settings, Vertx vertx) {
    return new QuestService(
        Shop.start(
            SCHEMA,
            settings,
            vertx,
            (database, set) -> new QuestGoods(PurchaseSettings.holdTime(set)),
            (http, database, goods, purchases) -> new QuestApi(database).mount(http, purchases)));
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
