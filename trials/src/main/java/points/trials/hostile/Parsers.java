package points.trials.hostile;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import points.trials.Stage;
import points.trials.Trial;
import points.trials.Verdict;

/** Texts made of good ones, for everything that reads what strangers write. */
final class Parsers implements Trial {
  private static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(1);
  private static final long BYTES_MAX = 256L << 20;
  private static final int THREADS = 2;

  /** A reader, and the chance that decides what it gets. */
  private record Work(Readers.Reader reader, SplittableRandom random) {}

  @Override
  public String name() {
    return "hostile-parsers";
  }

  @Override
  public String promise() {
    return "whatever a text is, its reader says yes or no, soon and with little memory";
  }

  @Override
  public Verdict run(Stage stage) throws Exception {
    long millis = stage.scale().of(1_000, 6_000, 60_000);
    Map<String, Long> counts = new ConcurrentHashMap<>();
    List<String> faults = Collections.synchronizedList(new ArrayList<>());
    Map<String, Long> figures = new LinkedHashMap<>();
    try (Readers readers = new Readers()) {
      SplittableRandom random = stage.random();
      Queue<Work> work = new ConcurrentLinkedQueue<>();
      readers.all().forEach(reader -> work.add(new Work(reader, random.split())));
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (Work next = work.poll(); next != null; next = work.poll()) {
                        counts.put(
                            next.reader().name(),
                            read(next, millis * next.reader().share(), stage.folder(), faults));
                      }
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      readers.all().forEach(r -> figures.put(r.name(), counts.getOrDefault(r.name(), 0L)));
    }
    if (!faults.isEmpty()) {
      throw new AssertionError(faults.size() + " faults:\n" + String.join("\n", faults));
    }
    return new Verdict.Held(figures);
  }

  /** Returns how many texts there were. */
  private static long read(Work work, long millis, Path folder, List<String> faults) {
    ThreadMXBean costs = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Readers.Reader reader = work.reader();
    Mangler mangler = new Mangler(work.random(), reader.corpus(), reader.dictionary());
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    long count = 0;
    while (System.nanoTime() < end) {
      byte[] text = mangler.next();
      count++;
      // What the processor was needed for, and not the clock: the machine may be busy elsewhere.
      long nanos = costs.getCurrentThreadCpuTime();
      long bytes = costs.getCurrentThreadAllocatedBytes();
      String fault = null;
      try {
        if (reader.body().read(text)) {
          mangler.keep(text);
        }
      } catch (Exception | StackOverflowError | OutOfMemoryError e) {
        fault = e + " at " + List.of(e.getStackTrace()).stream().limit(6).toList();
      }
      nanos = costs.getCurrentThreadCpuTime() - nanos;
      bytes = costs.getCurrentThreadAllocatedBytes() - bytes;
      if (fault == null && count > 100 && (nanos > NANOS_MAX || bytes > BYTES_MAX)) {
        fault = "it took %d ms and %d MB".formatted(nanos / 1_000_000, bytes >> 20);
      }
      if (fault != null) {
        faults.add(reader.name() + ": " + fault + "\n  " + kept(folder, reader, count, text));
        return count; // most others would have the same cause
      }
    }
    return count;
  }

  private static String kept(Path folder, Readers.Reader reader, long count, byte[] text) {
    try {
      return "the text is in "
          + Files.write(folder.resolve(reader.name().replace(' ', '-') + "-" + count), text);
    } catch (IOException e) {
      return "the text could not be kept: " + e;
    }
  }
}
