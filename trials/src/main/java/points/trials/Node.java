package points.trials;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A service as a process, on a port that stays the same over restarts. Thread-safe. */
public final class Node implements AutoCloseable {
  private static final Duration START_TIME = Duration.ofMinutes(3);

  private final String main;
  private final Path log;
  private final int port;
  private final Map<String, String> settings;
  private final List<String> prefix;
  private final Daemon daemon;

  private Node(String main, Path log, int port, Map<String, String> settings, List<String> prefix) {
    this.main = main;
    this.log = log;
    this.port = port;
    this.settings = Map.copyOf(settings);
    this.prefix = prefix;
    this.daemon = new Daemon(log);
  }

  /**
   * A service that is not started yet.
   *
   * @param main its class, such as {@code points.service.Main}
   * @param log where it writes
   * @param settings by their names in files and on command lines
   * @param prefix the command that starts it, such as {@code faketime}; usually empty
   */
  public static Node of(String main, Path log, Map<String, String> settings, String... prefix)
      throws IOException {
    return new Node(main, log, Server.freePort(), settings, List.of(prefix));
  }

  /** Starts it; does not wait. */
  public void launch() throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of(Daemon.java(), "-Xmx256m"));
    command.addAll(Rehearsal.flags());
    command.addAll(Rehearsal.learned());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), main, "--http.port=" + port));
    settings.forEach((name, value) -> command.add("--" + name + "=" + value));
    daemon.launch(command);
  }

  /** Starts it and waits until it is ready. */
  public void start() throws IOException {
    launch();
    awaitReady();
  }

  /** Waits until it is ready; starts it again if it has given up, as a supervisor would. */
  public void awaitReady() throws IOException {
    long giveUp = System.nanoTime() + START_TIME.toNanos();
    while (!isReady()) {
      if (System.nanoTime() > giveUp) {
        throw new IOException(main + " does not get ready; see " + log + "\n" + lastLines());
      }
      if (!isAlive()) {
        launch();
      }
      Server.pause(100);
    }
  }

  private String lastLines() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
  }

  private boolean isReady() {
    HttpRequest request =
        HttpRequest.newBuilder(url().resolve("/health/ready"))
            .timeout(Duration.ofSeconds(5))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Where it listens. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Whether its process lives. */
  public boolean isAlive() {
    return daemon.isAlive();
  }

  /** {@code kill -9}; waits until it is gone. */
  public void kill() {
    daemon.kill();
  }

  /** {@code SIGTERM}; waits until it is gone. */
  public void terminate() {
    daemon.terminate();
  }

  /** {@code SIGSTOP}. */
  public void pause() throws IOException {
    daemon.pause();
  }

  /** {@code SIGCONT}. */
  public void resume() throws IOException {
    daemon.resume();
  }

  @Override
  public void close() {
    daemon.close();
  }
}
