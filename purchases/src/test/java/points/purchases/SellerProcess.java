package points.purchases;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import points.service.contract.ApiClient;
import points.service.contract.OpenApi;

/** A selling service as a process of its own, by its real {@code main}; it can be killed. */
final class SellerProcess implements AutoCloseable {
  private static final Duration START_TIME = Duration.ofSeconds(60);

  private final Process process;
  private final ApiClient anonymous;

  private SellerProcess(Process process, ApiClient anonymous) {
    this.process = process;
    this.anonymous = anonymous;
  }

  /**
   * Starts it, and waits until it serves.
   *
   * @param name the service's, such as {@code quest}
   * @param output where its output is kept
   */
  static SellerProcess start(
      Class<?> main, String name, Map<String, String> settings, Path output) {
    int port = freePort();
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    settings.forEach((key, value) -> builder.environment().put(variable(name, key), value));
    builder.environment().put(variable(name, "http.port"), Integer.toString(port));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    try {
      OpenApi api = OpenApi.of("contracts/openapi/" + name + ".yaml");
      SellerProcess started =
          new SellerProcess(
              builder.start(), ApiClient.at(URI.create("http://127.0.0.1:" + port), api));
      started.awaitReady(output);
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String variable(String name, String key) {
    return (name + "." + key).replace('.', '_').toUpperCase(Locale.ROOT);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady(Path output) {
    await("ready; see " + output)
        .atMost(START_TIME)
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .until(() -> !isAlive() || anonymous.get("/health/ready").status() == 200);
    if (!isAlive()) {
      throw new IllegalStateException("the service ended at its start; see " + output);
    }
  }

  /** A client without credentials. */
  ApiClient anonymous() {
    return anonymous;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Kills it by SIGKILL; when this returns it is gone. */
  void kill() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
  }
}
