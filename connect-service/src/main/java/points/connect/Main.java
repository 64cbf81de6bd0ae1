package points.connect;

import points.kit.ServiceMain;

/** Connect Service as a process of its own; settings come from {@code CONNECT_…} and arguments. */
public final class Main {
  private Main() {}

  /** Starts, and stops on SIGTERM or SIGINT. */
  public static void main(String[] arguments) {
    ServiceMain.run(
        "Connect Service",
        ConnectService.PREFIX,
        ConnectService.settings(),
        arguments,
        ConnectService::start);
  }
}
