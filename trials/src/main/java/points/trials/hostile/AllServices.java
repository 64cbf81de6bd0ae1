package points.trials.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import points.kit.DatabaseUrl;
import points.trials.Daemon;
import points.trials.Programs;
import points.trials.Rehearsal;
import points.trials.Stage;

/** What is attacked: {@code points run}, all six services and PostgreSQL. Thread-safe. */
final class AllServices implements AutoCloseable {
  /** How long they start is no promise of ours: a machine may have ten other things to do. */
  private static final int START_SECONDS = 300;

  /** The last line of a histogram of classes: instances, then bytes. */
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

  private final Process process;
  private final Path data;
  private final Map<Target, URI> addresses;
  private final JsonNode credentials;
  private final List<String> lines;

  private AllServices(Process process, Path data, Map<Target, URI> addresses, List<String> lines)
      throws IOException {
    this.process = process;
    this.data = data;
    this.addresses = addresses;
    this.lines = lines;
    this.credentials = new ObjectMapper().readTree(data.resolve("credentials.json").toFile());
  }

  /**
   * Starts everything and waits until it is ready.
   *
   * @param settings of all services, by their names in files: {@code http.body_time}
   * @param options of {@code points run}
   */
  static AllServices start(Stage stage, Map<String, String> settings, String... options)
      throws IOException {
    Path data = stage.folder().resolve("data");
    List<String> command = new ArrayList<>(List.of(Daemon.java(), "-Xmx512m"));
    command.addAll(Rehearsal.flags());
    command.addAll(Rehearsal.learned());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            "points.allinone.Main",
            "run",
            "--data",
            data.toString(),
            "--port",
            "0"));
    Collections.addAll(command, options);
    String rules = System.getProperty("points.rules");
    if (rules != null) {
      command.add(1, "-Dpoints.rules=" + rules); // so that events have consequences
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    for (Target target : Target.values()) {
      settings.forEach((name, value) -> builder.environment().put(variable(target, name), value));
    }
    Path log = stage.folder().resolve("services.log");
    Process process = builder.redirectError(log.toFile()).start();
    try {
      return awaitReady(process, data, log);
    } catch (IOException | RuntimeException | Error e) {
      end(process);
      throw e;
    }
  }

  private static String variable(Target target, String setting) {
    return target.prefix() + "_" + setting.replace('.', '_').toUpperCase(java.util.Locale.ROOT);
  }

  private static AllServices awaitReady(Process process, Path data, Path log) throws IOException {
    Map<Target, URI> addresses = new EnumMap<>(Target.class);
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
    Thread watchdog = Thread.ofVirtual().start(() -> endAfter(process, START_SECONDS));
    try {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        lines.add(line);
        int address = line.indexOf("http://");
        if (address > 0) {
          addresses.put(
              Target.titled(line.substring(0, address).strip()),
              URI.create(line.substring(address).strip()));
        }
        if (line.equals("ready") && addresses.size() == Target.values().length) {
          return new AllServices(process, data, addresses, lines);
        }
      }
    } finally {
      watchdog.interrupt();
    }
    throw new IOException("the services do not get ready: " + lines + "; see " + log);
  }

  private static void endAfter(Process process, int seconds) {
    try {
      Thread.sleep(seconds * 1000L);
      process.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it got ready
    }
  }

  /** Where a service listens. */
  URI address(Target target) {
    return Objects.requireNonNull(addresses.get(target));
  }

  /** The port that a service listens on. */
  int port(Target target) {
    return address(target).getPort();
  }

  /** The API key of a caller. */
  String key(String source) {
    return credentials.path(source).path("api_key").asText();
  }

  /** Whether the process lives. */
  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * The bytes of all objects that something still refers to. Not the heap in use, as its metrics
   * have it: that holds what became garbage since the last collection, and on a busy machine that
   * is any amount.
   */
  long liveBytes() throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    String histogram =
        Programs.run(jcmd.toString(), Long.toString(process.pid()), "GC.class_histogram");
    Matcher total = TOTAL.matcher(histogram);
    if (!total.find()) {
      throw new IOException("no total: " + histogram);
    }
    return Long.parseLong(total.group(1));
  }

  /** The database as its owner sees it. */
  Connection database() throws IOException, SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + databasePort() + "/points", owner(), password());
  }

  /** The same as an address. */
  DatabaseUrl databaseUrl() throws IOException {
    return Objects.requireNonNull(
        DatabaseUrl.parse(
            "postgresql://%s:%s@127.0.0.1:%d/points"
                .formatted(
                    owner(),
                    URLEncoder.encode(password(), StandardCharsets.UTF_8),
                    databasePort())));
  }

  private static String owner() {
    return "points";
  }

  /** The fourth line of its lock file (PostgreSQL's src/include/utils/pidfile.h). */
  private int databasePort() throws IOException {
    return Integer.parseInt(
        Files.readAllLines(data.resolve("postgres/postmaster.pid")).get(3).strip());
  }

  private String password() throws IOException {
    Properties passwords = new Properties();
    try (var reader = Files.newBufferedReader(data.resolve("postgres.passwords"))) {
      passwords.load(reader);
    }
    return passwords.getProperty("owner");
  }

  @Override
  public String toString() {
    return String.join("\n", lines);
  }

  @Override
  public void close() {
    end(process);
  }

  private static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(90, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
