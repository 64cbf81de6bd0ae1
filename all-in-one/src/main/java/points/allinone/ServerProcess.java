package points.allinone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process of a PostgreSQL, perhaps one that an earlier process of ours has left behind.
 *
 * @param directory what it stores its data in
 */
record ServerProcess(ProcessHandle handle, Path directory) {
  private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);
  private static final Duration FAST_TIME = Duration.ofSeconds(30);
  private static final Duration IMMEDIATE_TIME = Duration.ofSeconds(15);

  /** Where a server keeps its process id and more, for as long as it runs. */
  static Path lockFile(Path directory) {
    return directory.resolve("postmaster.pid");
  }

  /**
   * Stops the server that runs on a directory, if one does.
   *
   * @throws IOException if it cannot be stopped
   */
  static void stopLeftOver(Path directory) throws IOException {
    Path lock = lockFile(directory);
    Optional<ProcessHandle> named = pidIn(lock).flatMap(ProcessHandle::of);
    if (named.isEmpty()) {
      // A lock without a process is PostgreSQL's to remove: it first makes sure that no backend of
      // the dead server still writes.
      return;
    }
    ServerProcess left = new ServerProcess(named.get(), directory);
    if (left.isServer()) {
      LOG.info("stopping the PostgreSQL that an earlier process left behind, pid {}", left.pid());
      left.stop();
    } else {
      // The number is another process's by now, and PostgreSQL would take that for a server.
      Files.deleteIfExists(lock);
    }
  }

  private static Optional<Long> pidIn(Path lock) throws IOException {
    if (!Files.exists(lock)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(lock);
    return lines.stream()
        .findFirst()
        .map(String::strip)
        .filter(l -> l.matches("\\d{1,18}"))
        .map(Long::parseLong);
  }

  private long pid() {
    return handle.pid();
  }

  /**
   * Whether it is a PostgreSQL on the directory and still runs. PostgreSQL works in its directory,
   * so this is right when the directory has been moved or is reached by another name, and for a
   * process that is dead but not yet buried.
   */
  boolean isServer() {
    Path process = Path.of("/proc/" + pid());
    try {
      if (!Files.exists(Path.of("/proc/self/cwd"))) {
        return handle.isAlive() && handle.info().command().orElse("").contains("postgres");
      }
      return Files.readSymbolicLink(process.resolve("cwd")).equals(directory.toRealPath())
          && Files.readString(process.resolve("cmdline")).contains("postgres");
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Ends it in good order, or, if that takes too long, at once; then it recovers at its next start.
   *
   * @throws IOException if neither works
   */
  void stop() throws IOException {
    signal("INT"); // PostgreSQL's fast shutdown
    if (hasEnded(FAST_TIME)) {
      return;
    }
    LOG.warn("PostgreSQL does not stop in good order, so it is ended at once and will recover");
    signal("QUIT"); // its immediate shutdown
    if (!hasEnded(IMMEDIATE_TIME)) {
      throw new IOException(
          "the PostgreSQL with pid " + pid() + " in " + directory + " does not stop: end it");
    }
  }

  /** The second signal wakes it, should somebody have stopped it. */
  private void signal(String name) throws IOException {
    if (!isServer()) {
      return;
    }
    String kill = "kill -s " + name + " " + pid() + "; kill -s CONT " + pid();
    Process sent = new ProcessBuilder("sh", "-c", kill).redirectErrorStream(true).start();
    try {
      int unused = sent.waitFor(); // it fails when the server has just ended
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean hasEnded(Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    while (isServer()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Pause.shortly();
    }
    return true;
  }
}
