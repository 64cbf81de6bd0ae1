package points.referral;

import points.kit.ServiceMain;

/**
 * Referral Service as a process of its own; settings come from {@code REFERRAL_…} and arguments.
 */
public final class Main {
  private Main() {}

  /** Starts, and stops on SIGTERM or SIGINT. */
  public static void main(String[] arguments) {
    ServiceMain.run(
        "Referral Service",
        ReferralService.PREFIX,
        ReferralService.settings(),
        arguments,
        ReferralService::start);
  }
}
