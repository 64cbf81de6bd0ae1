package points.purchases;

import io.vertx.core.Vertx;
import points.client.PointsClient;
import points.kit.Database;
import points.kit.Http;
import points.kit.Recovery;
import points.kit.ServiceFrame;
import points.kit.Settings;

/** A selling service, put together. */
public final class Shop {

  /** Makes the goods of a service on its database. */
  @FunctionalInterface
  public interface GoodsMaker<G extends Goods> {
    /** The goods. */
    G make(Database database, Settings settings);
  }

  private Shop() {}

  /**
   * Starts a selling service; when this returns it serves.
   *
   * @param routes adds the service's routes
   */
  public static <G extends Goods> ServiceFrame start(
      String name, Settings settings, Vertx vertx, GoodsMaker<G> maker, RouteMaker<G> routes) {
    ServiceFrame frame = ServiceFrame.open(name, settings);
    try {
      PointsClient points = frame.with(PurchaseSettings.client(settings));
      G goods = maker.make(frame.database(), settings);
      Purchases purchases =
          new Purchases(
              frame.database(),
              goods,
              points,
              settings.get(PurchaseSettings.HOLD_CHECK),
              frame.outbox()::wake);
      frame.with(
          Recovery.start(
              frame.database().dataSource(),
              "purchases",
              settings.get(PurchaseSettings.RECOVERY),
              purchases::recover));
      frame.serve(
          vertx,
          http ->
              routes.mount(http, frame.database(), goods, new PurchaseRoutes(purchases, goods)));
      return frame;
    } catch (RuntimeException e) {
      frame.close();
      throw e;
    }
  }

  /** Adds a service's routes. */
  @FunctionalInterface
  public interface RouteMaker<G extends Goods> {
    /** Adds them. */
    void mount(Http.Builder http, Database database, G goods, PurchaseRoutes purchases);
  }
}
