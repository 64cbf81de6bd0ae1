package points.rielt;

import points.kit.ServiceMain;

/** Rielt Service as a process of its own; settings come from {@code RIELT_…} and arguments. */
public final class Main {
  private Main() {}

  /** Starts, and stops on SIGTERM or SIGINT. */
  public static void main(String[] arguments) {
    ServiceMain.run(
        "Rielt Service",
        RieltService.PREFIX,
        RieltService.settings(),
        arguments,
        RieltService::start);
  }
}
