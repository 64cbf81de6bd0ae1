package points.service;

import points.kit.ServiceMain;

/**
 * The Points Service as a process of its own, on a PostgreSQL that is there already; settings come
 * from {@code POINTS_…}, a file and arguments.
 */
public final class Main {
  private Main() {}

  /** Starts, and stops on SIGTERM or SIGINT. */
  public static void main(String[] arguments) {
    ServiceMain.run(
        "Points Service",
        PointsService.PREFIX,
        PointsService.settings(),
        arguments,
        PointsService::start);
  }
}
