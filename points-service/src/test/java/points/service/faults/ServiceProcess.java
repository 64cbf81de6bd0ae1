package points.service.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import points.service.contract.ApiClient;

/** The Points Service as an operating system's process. */
final class ServiceProcess implements AutoCloseable {
  private static final String MAIN = "points.service.Main";

  private final Process process;
  private final Path output;
  private final Path errors;

  private ServiceProcess(Process process, Path output, Path errors) {
    this.process = process;
    this.output = output;
    this.errors = errors;
  }

  /** Starts one; does not wait. */
  static ServiceProcess launch(String databaseUrl, String... arguments) {
    try {
      Path output = Files.createTempFile("points-out", ".log");
      Path errors = Files.createTempFile("points-err", ".log");
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-Xmx256m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  MAIN,
                  "--http.port=0",
                  "--database.url=" + databaseUrl));
      command.addAll(List.of(arguments));
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile())
              .start();
      return new ServiceProcess(process, output, errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it serves. */
  URI url() {
    long giveUp = System.nanoTime() + 60_000_000_000L;
    while (System.nanoTime() < giveUp && process.isAlive()) {
      List<String> lines = output().lines().toList();
      if (lines.contains("ready")) {
        return lines.stream()
            .filter(line -> line.startsWith("Points Service: "))
            .map(line -> URI.create(line.substring("Points Service: ".length())))
            .findFirst()
            .orElseThrow();
      }
      Journal.pause(20);
    }
    throw new IllegalStateException("it does not start: " + output() + errors());
  }

  /** Gives a source a key of our own making. */
  static String key(Books books, String source) {
    String key = "pk_" + source + "_" + "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
    books.run(
        "INSERT INTO api_key (key_hash, source) VALUES ('\\x%s', '%s')"
            .formatted(sha256(key), source));
    return key;
  }

  ApiClient as(String key) {
    return ApiClient.at(url()).as(key);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@code SIGTERM}; does not wait. */
  void terminate() {
    process.destroy();
  }

  /** {@code kill -9}. */
  void kill() {
    process.destroyForcibly();
    exitCode();
  }

  /** Waits for its end. */
  int exitCode() {
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("it does not end: " + output() + errors());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return process.exitValue();
  }

  String output() {
    return read(output);
  }

  String errors() {
    return read(errors);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
    try {
      Files.deleteIfExists(output);
      Files.deleteIfExists(errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
