package points.kit;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.BiFunction;

/** A service as a process of its own. */
public final class ServiceMain {

  private ServiceMain() {}

  /**
   * Starts, and stops on SIGTERM or SIGINT. Exits with 2 on a wrong setting and 3 on a database
   * that cannot be used, with one line that says what and why.
   *
   * @param title for people, such as {@code Quest Service}
   * @param prefix of the environment variables, such as {@code QUEST}
   */
  public static void run(
      String title,
      String prefix,
      List<Setting<?>> declared,
      String[] arguments,
      BiFunction<Settings, Vertx, ? extends Service> start) {
    try {
      Settings settings =
          Settings.of(prefix, declared)
              .environment(System.getenv())
              .arguments(List.of(arguments))
              .load();
      Logging.configure(settings);
      Vertx vertx = Http.newVertx();
      Service service = start.apply(settings, vertx);
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().unstarted(() -> stop(service, vertx)));
      System.out.println(title + ": " + service.url());
      System.out.println("ready");
    } catch (SettingsException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    } catch (DatabaseUnusable e) {
      System.err.println(e.getMessage());
      System.exit(3);
    }
  }

  private static void stop(Service service, Vertx vertx) {
    service.close();
    vertx.close().await();
  }
}
