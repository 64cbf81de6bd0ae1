package points.allinone;

import io.vertx.core.Vertx;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import points.kit.Database;
import points.kit.Http;
import points.kit.Logging;
import points.kit.Settings;
import points.kit.SettingsException;
import points.service.PointsService;

/** Starts everything there is, and stays until it is told to stop. */
@Command(name = "run")
final class RunCommand implements Callable<Integer> {
  @Option(names = "--data")
  private Path data = Path.of("data");

  @Option(names = "--port")
  private @Nullable String port;

  @Option(names = "--database-url")
  private @Nullable String databaseUrl;

  @Option(names = "--sandbox")
  private boolean sandbox;

  @Option(names = "--config")
  private @Nullable Path config;

  @Option(names = "--until-ready", description = "stop again once it is ready")
  private boolean untilReady;

  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final List<Runnable> beforeStop = new CopyOnWriteArrayList<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  @Override
  public Integer call() throws Exception {
    requireNamed(data);
    // What is wrong with the settings is said before anything is made.
    Map<String, Settings> all = Services.settings(settings(null));
    if (!Files.exists(data)) {
      Addresses.requireFree(all);
    }
    DataDirectory home = DataDirectory.take(data);
    if (home == null) {
      throw new IOException(data + " is in use by another ./points run; stop it first.");
    }
    running.push(home);
    Addresses.requireFree(all); // after the directory, whose user has the addresses, too
    stopOnSignal();
    try {
      logAside(home.path());
      start(home.path());
      if (!untilReady) {
        stop.await();
      }
      return 0;
    } finally {
      closeAll();
      closed.countDown();
    }
  }

  /** An empty path means the current directory to Java, and a slip to everybody else. */
  static void requireNamed(Path data) {
    if (data.toString().isEmpty()) {
      throw new SettingsException("--data has no value: name a directory.");
    }
  }

  private void start(Path home) throws IOException, SQLException, InterruptedException {
    Credentials credentials = Credentials.in(home); // broken ones are found before anything starts
    if (credentials.closeToOthers()) {
      System.out.println(
          "warning: others could read "
              + data.resolve("credentials.json")
              + "; now only you can. If somebody may have, move it away and new keys are made.");
    }
    Settings settings = settings(null);
    if (settings.find(Database.URL) == null) {
      Postgres postgres = Postgres.start(home);
      running.push(postgres);
      settings = settings(postgres.url());
    }
    Logging.configure(settings);
    Vertx vertx = Http.newVertx();
    running.push(() -> vertx.close().await());
    Services services = Services.start(settings, credentials, vertx);
    running.push(services);
    beforeStop.add(services::notReady);
    services.urls().forEach((title, url) -> System.out.printf("%-17s%s%n", title, url));
    System.out.println("  API keys       " + data.resolve("credentials.json"));
    for (String url : services.urls().values()) {
      if (!Readiness.await(url, () -> stop.getCount() == 0)) {
        return;
      }
    }
    System.out.println("ready");
  }

  private Settings settings(@Nullable String embeddedUrl) {
    Settings.Builder builder = Settings.of(PointsService.PREFIX, PointsService.settings());
    builder.environment(System.getenv()).ignoring("POINTS_JAVA_OPTS");
    if (config != null) {
      builder.file(config);
    }
    if (port != null) {
      builder.override("http.port", port);
    }
    if (sandbox) {
      builder.override("sandbox", "true");
    }
    String url = databaseUrl == null ? embeddedUrl : databaseUrl;
    if (url != null) {
      builder.override("database.url", url);
    }
    return builder.load();
  }

  /**
   * Where the log would go to a terminal it goes to a file, so that a person sees what matters to
   * them. The launcher tells: Java itself cannot see where standard error goes.
   */
  private void logAside(Path home) throws IOException {
    if (Boolean.getBoolean("points.terminal")) {
      FileOutputStream log = new FileOutputStream(home.resolve("points.log").toFile(), true);
      System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
      System.out.println("  log            " + data.resolve("points.log"));
    }
  }

  /** The JVM ends when the hook does, so the hook waits until everything is closed. */
  private void stopOnSignal() {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(
                    () -> {
                      beforeStop.forEach(Runnable::run);
                      stop.countDown();
                      try {
                        boolean unused = closed.await(60, TimeUnit.SECONDS);
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                    }));
  }

  private void closeAll() {
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception e) {
        LoggerFactory.getLogger(RunCommand.class).warn("closing failed", e);
      }
    }
  }
}
