package points.trials;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./points trials}: puts the promises to the test and says which held. */
@Command(name = "points trials", sortOptions = false, mixinStandardHelpOptions = true)
public final class Main implements Callable<Integer> {
  @Option(names = "--quick", description = "all of them in minutes, as in CI")
  private boolean quick;

  @Option(names = "--release", description = "as much as before a release; takes hours")
  private boolean release;

  @Option(names = "--seed", description = "repeat what was done with this seed")
  private @Nullable Long seed;

  @Option(
      names = "--at-once",
      paramLabel = "N",
      description = "so many trials side by side; --quick does two, as they mostly wait")
  private int atOnce;

  @Option(names = "--list", description = "say which there are")
  private boolean list;

  @Option(
      names = "--record",
      description = "add what came of them to this file, such as trials/RECORD.md")
  private @Nullable Path record;

  @Parameters(paramLabel = "NAME", description = "only these; without names, all")
  private List<String> names = List.of();

  private final Deaths deaths = Deaths.listen();

  private Main() {}

  /**
   * Runs trials and exits with 0 if all promises held (or could not be tried), 1 if one did not, 2
   * if the command line is wrong.
   */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    if (list) {
      Trials.ALL.forEach(t -> System.out.printf("%-16s %s%n", t.name(), t.promise()));
      return 0;
    }
    List<Trial> chosen = chosen();
    if (chosen.isEmpty() || (quick && release)) {
      return 2;
    }
    Path folder = Files.createTempDirectory("points-trials");
    Programs programs = Programs.in(folder);
    RecordFile kept = new RecordFile(record);
    int workers = atOnce > 0 ? atOnce : quick ? 2 : 1;
    Rehearsal.hold(folder);
    List<Future<End>> ends = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(workers)) {
      for (Trial trial : chosen) {
        if (workers > 1 && !trial.alone()) {
          ends.add(pool.submit(() -> putAside(trial, folder, programs, kept)));
        }
      }
    }
    Map<End, Integer> count = new EnumMap<>(End.class);
    for (Future<End> end : ends) {
      count.merge(end.get(), 1, Integer::sum);
    }
    for (Trial trial : chosen) {
      if (workers == 1 || trial.alone()) {
        count.merge(put(trial, folder, programs, kept, System.out), 1, Integer::sum);
      }
    }
    int failed = count.getOrDefault(End.FAILED, 0);
    System.out.printf(
        "%d held, %d failed, %d skipped%n",
        count.getOrDefault(End.HELD, 0), failed, count.getOrDefault(End.SKIPPED, 0));
    if (failed == 0) {
      delete(folder);
    }
    return failed == 0 ? 0 : 1;
  }

  /** What came of a trial. */
  private enum End {
    HELD,
    FAILED,
    SKIPPED
  }

  /** As {@link #put}, and tells of it in one go, as others run beside it. */
  private End putAside(Trial trial, Path folder, Programs programs, RecordFile kept)
      throws IOException {
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(told, true, StandardCharsets.UTF_8)) {
      return put(trial, folder, programs, kept, out);
    } finally {
      synchronized (System.out) {
        System.out.writeBytes(told.toByteArray());
      }
    }
  }

  private End put(Trial trial, Path folder, Programs programs, RecordFile kept, PrintStream out)
      throws IOException {
    long itsSeed = seed != null ? seed : ThreadLocalRandom.current().nextLong(1, 1L << 40);
    Path place = Files.createDirectory(folder.resolve(trial.name()));
    Stage stage = new Stage(place, programs, itsSeed, scale(), out);
    out.printf("%s: %s (--seed %d)%n", trial.name(), trial.promise(), itsSeed);
    long start = System.nanoTime();
    int deathsBefore = deaths.count();
    try {
      Verdict verdict = trial.run(stage);
      deaths.requireNoneSince(deathsBefore);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      End end =
          switch (verdict) {
            case Verdict.Held held -> {
              out.printf("  held (%d s): %s%n", took.toSeconds(), held.figures());
              kept.held(trial.name(), itsSeed, held.figures());
              yield End.HELD;
            }
            case Verdict.Skipped(String why) -> {
              out.printf("  SKIPPED: %s%n", why);
              yield End.SKIPPED;
            }
          };
      delete(place);
      return end;
    } catch (Exception | AssertionError e) {
      out.printf(
          "  FAILED: %s%n  repeat: ./points trials %s%s --seed %d%n  what it left: %s%n",
          e, option(), trial.name(), itsSeed, place);
      kept.failed(trial.name(), itsSeed, e);
      e.printStackTrace(out);
      return End.FAILED;
    }
  }

  private String option() {
    return quick ? "--quick " : release ? "--release " : "";
  }

  private Scale scale() {
    return quick ? Scale.QUICK : release ? Scale.RELEASE : Scale.NORMAL;
  }

  private List<Trial> chosen() {
    List<Trial> chosen = new ArrayList<>();
    for (String name : names) {
      Trial found = Trials.ALL.stream().filter(t -> t.name().equals(name)).findFirst().orElse(null);
      if (found == null) {
        System.err.println("points: there is no trial '" + name + "': see ./points trials --list");
        return List.of();
      }
      chosen.add(found);
    }
    return names.isEmpty() ? Trials.ALL : chosen;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
