package points.allinone;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.BiFunction;
import points.kit.Service;
import points.kit.Setting;
import points.kit.Settings;
import points.quest.QuestService;
import points.voucher.VoucherService;

/**
 * A service that {@code points run} starts beside Points Service.
 *
 * @param title for people
 * @param source what it is called as a caller of the others
 * @param portsOn how far its port is from that of Points Service
 * @param prefix of its environment variables
 * @param settings all that can be set
 * @param start starts it; what it is given besides may be shared
 */
record Part(
    String title,
    String source,
    int portsOn,
    String prefix,
    List<Setting<?>> settings,
    BiFunction<Settings, Vertx, ? extends Service> start) {

  /** Those that sell for points and tell Connect what they have sold. */
  static final List<Part> SELLING =
      List.of(
          new Part(
              "Quest Service",
              "quest",
              3,
              QuestService.PREFIX,
              QuestService.settings(),
              QuestService::start),
          new Part(
              "Voucher Service",
              "voucher",
              4,
              VoucherService.PREFIX,
              VoucherService.settings(),
              VoucherService::start));
}
