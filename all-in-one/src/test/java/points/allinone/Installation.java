package points.allinone;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code points run} as a real process on a directory of its own. */
final class Installation implements AutoCloseable {
  private static final Duration START_TIME = Duration.ofSeconds(90);

  private final Path home;
  private final Path out;
  private final Process process;

  private Installation(Path home, Path out, Process process) {
    this.home = home;
    this.out = out;
    this.process = process;
  }

  /** Starts it and waits for its line {@code ready}. */
  static Installation start(Path home, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("run", "--data", home.toString()));
    arguments.addAll(List.of(more));
    if (!arguments.contains("--port")) {
      arguments.addAll(List.of("--port", "0"));
    }
    Path out = Files.createTempFile("points-run", ".out");
    Installation started = new Installation(home, out, launch(arguments, out, Map.of()));
    long deadline = System.nanoTime() + START_TIME.toNanos();
    while (!Files.readString(out).contains("ready\n")) {
      if (!started.process.isAlive() || System.nanoTime() > deadline) {
        started.process.destroyForcibly();
        throw new AssertionError("not ready:\n" + Files.readString(out));
      }
      Thread.sleep(20);
    }
    return started;
  }

  /** Runs a command of the command line; what it says, on either stream, goes to {@code out}. */
  static Process launch(List<String> arguments, Path out, Map<String, String> environment)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                // The leader of a group of its own, in which SIGINT does what it does at a
                // terminal.
                "setsid",
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dpoints.rules=" + Repository.root().resolve("rules"),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(out.toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Where the Points Service listens. */
  String url() throws IOException {
    return url("Points Service");
  }

  /** Where a service listens. */
  String url(String title) throws IOException {
    for (String line : Files.readAllLines(out)) {
      if (line.startsWith(title)) {
        return line.substring(line.indexOf("http"));
      }
    }
    throw new AssertionError("no address printed");
  }

  /** All that it has printed. */
  String output() throws IOException {
    return Files.readString(out);
  }

  /** The PostgreSQL that it started. */
  ProcessHandle postgres() throws IOException {
    Path lock = home.resolve("postgres/postmaster.pid");
    long deadline = System.nanoTime() + START_TIME.toNanos();
    while (System.nanoTime() < deadline) {
      // After a kill the lock names the dead one, or is empty, until the watch has started another.
      Optional<ProcessHandle> named = named(lock).flatMap(ProcessHandle::of);
      if (named.isPresent() && named.get().isAlive()) {
        return named.get();
      }
      Pause.shortly();
    }
    throw new AssertionError("no PostgreSQL runs on " + home);
  }

  private static Optional<Long> named(Path lock) throws IOException {
    if (!Files.exists(lock)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(lock)) {
      return lines.findFirst().map(String::strip).filter(l -> l.matches("\\d+")).map(Long::valueOf);
    } catch (NoSuchFileException e) {
      return Optional.empty(); // removed in this moment
    }
  }

  /** Sends a signal to all processes of its group, as a terminal does for Ctrl-C. */
  void signalGroup(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-s", name, "--", "-" + process.pid()).inheritIO().start().waitFor();
  }

  /** Waits until it has ended by itself. */
  boolean hasEnded(Duration within) throws InterruptedException {
    return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Kills it as {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Ends it as Ctrl-C does, and returns its exit status. */
  int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not stop");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    try {
      if (process.isAlive()) {
        stop();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
