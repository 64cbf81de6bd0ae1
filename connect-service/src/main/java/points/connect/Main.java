package points.connect;

import io.vertx.core.Vertx;
import java.util.List;
import points.kit.DatabaseUnusable;
import points.kit.Logging;
import points.kit.Settings;
import points.kit.SettingsException;

/**
 * The Connect Service as a process of its own, on a PostgreSQL that is there already. Settings come
 * from the environment ({@code CONNECT_…}), a file and the command line ({@code --key=value}).
 */
public final class Main {
  private Main() {}

  /**
   * Starts, and stops on SIGTERM or SIGINT. Exits with 2 on a wrong setting and 3 on a database
   * that cannot be used, with one line that says what and why.
   */
  public static void main(String[] arguments) {
    try {
      Settings settings =
          Settings.of(ConnectService.PREFIX, ConnectService.settings())
              .environment(System.getenv())
              .arguments(List.of(arguments))
              .load();
      Logging.configure(settings);
      Vertx vertx = Vertx.vertx();
      ConnectService service = ConnectService.start(settings, vertx);
      Runtime.getRuntime()
          .addShutdownHook(
              Thread.ofPlatform()
                  .unstarted(
                      () -> {
                        service.close();
                        vertx.close().await();
                      }));
      System.out.println("Connect Service: " + service.url());
      System.out.println("ready");
    } catch (SettingsException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    } catch (DatabaseUnusable e) {
      System.err.println(e.getMessage());
      System.exit(3);
    }
  }
}
