package points.trials;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process that is started, hurt and started again. Thread-safe. */
public final class Daemon implements AutoCloseable {
  private static final int END_SECONDS = 60;

  private final Path log;
  private @Nullable Process process;

  /** One that is not started yet and will write to a file. */
  public Daemon(Path log) {
    this.log = log;
  }

  /** Starts it; does not wait. */
  public synchronized void launch(List<String> command) throws IOException {
    ProcessBuilder.Redirect to = ProcessBuilder.Redirect.appendTo(log.toFile());
    process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(to).start();
  }

  /** The Java that this runs on, as small and as quick to start as it can be. */
  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Whether it lives. */
  public synchronized boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** {@code kill -9}; waits until it is gone. */
  public synchronized void kill() {
    end(true);
  }

  /** {@code SIGTERM}; waits until it is gone. */
  public synchronized void terminate() {
    end(false);
  }

  private void end(boolean hard) {
    Process running = process;
    if (running == null) {
      return;
    }
    // A program that starts the JVM, as faketime does, does not take it along.
    running.descendants().forEach(hard ? ProcessHandle::destroyForcibly : ProcessHandle::destroy);
    if (hard) {
      running.destroyForcibly();
    } else {
      running.destroy();
    }
    try {
      if (!running.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        running.destroyForcibly();
        running.waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** {@code SIGSTOP}. */
  public synchronized void pause() throws IOException {
    signal("STOP");
  }

  /** {@code SIGCONT}. */
  public synchronized void resume() throws IOException {
    signal("CONT");
  }

  private void signal(String name) throws IOException {
    Process running = process;
    if (running != null && running.isAlive()) {
      Programs.signal(name, running.pid());
    }
  }

  @Override
  public void close() {
    kill();
  }
}
