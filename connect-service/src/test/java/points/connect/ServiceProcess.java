package points.connect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** A service as an operating system's process, to be killed and started again on its port. */
final class ServiceProcess implements AutoCloseable {
  private final List<String> command;
  private final Path log;
  private final int port;
  private Process process;

  private ServiceProcess(List<String> command, Path log, int port) {
    this.command = command;
    this.log = log;
    this.port = port;
    this.process = launch();
  }

  /** Starts one; does not wait. */
  static ServiceProcess start(String main, String... settings) {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = socket.getLocalPort();
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-Xmx200m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  main,
                  "--http.port=" + port));
      for (String setting : settings) {
        command.add("--" + setting);
      }
      return new ServiceProcess(command, Files.createTempFile("service", ".log"), port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process launch() {
    try {
      Files.writeString(log, "");
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(log.toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Waits until it serves. */
  void awaitReady() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> said().lines().anyMatch("ready"::equals) || !process.isAlive());
    if (!process.isAlive()) {
      throw new IllegalStateException("it does not start: " + said());
    }
  }

  /** What it wrote since its last start. */
  String said() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code kill -9}, and started again. */
  void killAndRestart() {
    kill();
    process = launch();
  }

  private void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
    try {
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
