package points.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * What is measured: {@code ./points run} as a process of its own, on a PostgreSQL of its own in a
 * new directory.
 */
final class Subject implements AutoCloseable {
  private final Process process;
  private final Path data;
  private final URI address;
  private final URI connect;
  private final Duration startTime;

  private Subject(Process process, Path data, URI address, URI connect, Duration startTime) {
    this.process = process;
    this.data = data;
    this.address = address;
    this.connect = connect;
    this.startTime = startTime;
  }

  /**
   * Starts it and waits until it is ready.
   *
   * @param launcher the script {@code points}
   * @param data where it keeps its data
   * @param javaOptions for its JVM, besides the launcher's own
   * @throws IOException if it does not get ready; its log says why
   */
  static Subject start(Path launcher, Path data, String javaOptions) throws IOException {
    Files.createDirectories(data);
    long begin = System.nanoTime();
    List<String> command =
        List.of(launcher.toString(), "run", "--data", data.toString(), "--port", "0");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.equals("POINTS_DATABASE_URL"));
    builder.environment().put("POINTS_JAVA_OPTS", javaOptions);
    Path log = data.resolveSibling(data.getFileName() + ".log");
    Process process = builder.redirectError(log.toFile()).start();
    BufferedReader said = process.inputReader();
    URI address = null;
    URI connect = null;
    List<String> lines = new ArrayList<>();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      lines.add(line);
      if (line.startsWith("Points Service ")) {
        address = addressIn(line);
      } else if (line.startsWith("Connect Service ")) {
        connect = addressIn(line);
      }
      if (line.equals("ready") && address != null && connect != null) {
        return new Subject(
            process, data, address, connect, Duration.ofNanos(System.nanoTime() - begin));
      }
    }
    throw new IOException("the service did not get ready: " + lines + "; see " + log);
  }

  private static URI addressIn(String line) {
    return URI.create(line.substring(line.indexOf("http")).strip());
  }

  /** Where Points listens. */
  URI address() {
    return address;
  }

  /** Where Connect listens. */
  URI connect() {
    return connect;
  }

  /** From the launcher's start to "ready". */
  Duration startTime() {
    return startTime;
  }

  long pid() {
    return process.pid();
  }

  /** The postmaster's process id: the first line of its lock file. */
  long postgresPid() throws IOException {
    return Long.parseLong(postmaster().getFirst().strip());
  }

  /** The port of PostgreSQL: the fourth line (its source, src/include/utils/pidfile.h). */
  int postgresPort() throws IOException {
    return Integer.parseInt(postmaster().get(3).strip());
  }

  private List<String> postmaster() throws IOException {
    return Files.readAllLines(data.resolve("postgres/postmaster.pid"));
  }

  /** The password of the database's owner. */
  String databasePassword() throws IOException {
    Properties passwords = new Properties();
    try (var reader = Files.newBufferedReader(data.resolve("postgres.passwords"))) {
      passwords.load(reader);
    }
    return passwords.getProperty("owner");
  }

  /** The API key of a caller. */
  String key(String source) throws IOException {
    return new ObjectMapper()
        .readTree(data.resolve("credentials.json").toFile())
        .path(source)
        .path("api_key")
        .asText();
  }

  @Override
  public void close() {
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
