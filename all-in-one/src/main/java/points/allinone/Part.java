package points.allinone;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.BiFunction;
import points.connect.ConnectService;
import points.kit.Service;
import points.kit.Setting;
import points.kit.Settings;
import points.quest.QuestService;
import points.referral.ReferralService;
import points.rielt.RieltService;
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

  /** The one that all others tell their events. */
  static final Part CONNECT =
      new Part(
          "Connect Service",
          "connect",
          1,
          ConnectService.PREFIX,
          ConnectService.settings(),
          ConnectService::start);

  /** Those that tell events, in the order of their ports. */
  static final List<Part> TELLING =
      List.of(
          new Part(
              "Referral Service",
              "referral",
              2,
              ReferralService.PREFIX,
              ReferralService.settings(),
              ReferralService::start),
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
              VoucherService::start),
          new Part(
              "Rielt Service",
              "rielt",
              5,
              RieltService.PREFIX,
              RieltService.settings(),
              RieltService::start));
}
