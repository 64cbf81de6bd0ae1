package points.trials.hostile;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What Jazzer calls, in a process of its own ({@link Fuzzer}): gives each text to every reader that
 * was asked for. A reader that throws, or takes too much for a text, is a finding.
 */
public final class ParserTarget {
  private static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(1);
  private static final long BYTES_MAX = 256L << 20;
  private static final int FRAMES = 8;
  private static final int MESSAGE = 300;

  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final List<Ready> READY = new ArrayList<>();

  /** A reader that has what it needs. */
  private record Ready(String name, Readers.Body body) {}

  /**
   * What the process has used so far, all threads together: a reader may hand over to another one.
   * Time is the processor's, not the clock's, as the machine may be busy elsewhere.
   */
  private record Used(long nanos, long bytes) {
    static Used now() {
      return new Used(PROCESS.getProcessCpuTime(), THREADS.getTotalThreadAllocatedBytes());
    }

    Used since() {
      Used now = now();
      return new Used(now.nanos - nanos, now.bytes - bytes);
    }

    boolean isTooMuch() {
      return nanos > NANOS_MAX || bytes > BYTES_MAX;
    }
  }

  private ParserTarget() {}

  /**
   * Makes readers ready and gives them texts that Jazzer makes nothing of: what was found in the
   * past, and long ones, of which it would make texts as long and as slow.
   *
   * @param arguments the folder of these texts, and the names of the readers
   */
  public static void fuzzerInitialize(String[] arguments) throws Exception {
    List<String> names = List.of(arguments).subList(1, arguments.length);
    for (Readers.Reader reader : Readers.all()) {
      if (names.contains(reader.name())) {
        READY.add(new Ready(reader.name(), reader.opening().open()));
      }
    }
    if (READY.size() != names.size()) {
      throw new IllegalArgumentException("not all of these are readers: " + names);
    }
    try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
      for (Path file : files.sorted().toList()) {
        try {
          fuzzerTestOneInput(Files.readAllBytes(file));
        } catch (AssertionError e) {
          throw new AssertionError(e.getMessage() + "; the text is " + file, e);
        }
      }
    }
  }

  /** Gives them a text. */
  public static void fuzzerTestOneInput(byte[] text) {
    Used before = Used.now();
    READY.forEach(reader -> read(reader, text));
    if (before.since().isTooMuch()) {
      READY.forEach(reader -> requireCheap(reader, text));
    }
  }

  /** Reads once more: what is needed only once, such as the loading of classes, does not count. */
  private static void requireCheap(Ready reader, byte[] text) {
    Used before = Used.now();
    read(reader, text);
    Used used = before.since();
    if (used.isTooMuch()) {
      throw new AssertionError(
          "%s: it took %d ms and %d MB"
              .formatted(reader.name, used.nanos / 1_000_000, used.bytes >> 20));
    }
  }

  private static void read(Ready reader, byte[] text) {
    try {
      reader.body.read(text);
    } catch (Exception | StackOverflowError | OutOfMemoryError e) {
      String what = e.toString();
      throw new AssertionError(
          "%s: %s at %s"
              .formatted(
                  reader.name,
                  what.substring(0, Math.min(MESSAGE, what.length())),
                  Arrays.stream(e.getStackTrace()).limit(FRAMES).toList()),
          e);
    }
  }
}
