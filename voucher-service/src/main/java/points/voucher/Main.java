package points.voucher;

import points.kit.ServiceMain;

/** Voucher Service as a process of its own; settings come from {@code VOUCHER_…} and arguments. */
public final class Main {
  private Main() {}

  /** Starts, and stops on SIGTERM or SIGINT. */
  public static void main(String[] arguments) {
    ServiceMain.run(
        "Voucher Service",
        VoucherService.PREFIX,
        VoucherService.settings(),
        arguments,
        VoucherService::start);
  }
}
