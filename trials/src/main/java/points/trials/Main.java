package points.trials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
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

  @Option(names = "--list", description = "say which there are")
  private boolean list;

  @Option(names = "--record", description = "add what held to this file, such as trials/RECORD.md")
  private @Nullable Path record;

  @Parameters(paramLabel = "NAME", description = "only these; without names, all")
  private List<String> names = List.of();

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
    RecordFile kept = new RecordFile(record);
    int failed = 0;
    int skipped = 0;
    Programs programs = Programs.in(folder);
    for (Trial trial : chosen) {
      long itsSeed = seed != null ? seed : ThreadLocalRandom.current().nextLong(1, 1L << 40);
      Path place = Files.createDirectory(folder.resolve(trial.name()));
      Stage stage = new Stage(place, programs, itsSeed, scale(), System.out);
      System.out.printf("%s: %s (--seed %d)%n", trial.name(), trial.promise(), itsSeed);
      long start = System.nanoTime();
      try {
        Verdict verdict = trial.run(stage);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        switch (verdict) {
          case Verdict.Held held -> {
            System.out.printf("  held (%d s): %s%n", took.toSeconds(), held.figures());
            kept.add(trial, stage, held);
          }
          case Verdict.Skipped(String why) -> {
            skipped++;
            System.out.printf("  SKIPPED: %s%n", why);
          }
        }
        delete(place);
      } catch (Exception | AssertionError e) {
        failed++;
        System.out.printf(
            "  FAILED: %s%n  repeat: ./points trials %s%s --seed %d%n  what it left: %s%n",
            e, option(), trial.name(), itsSeed, place);
        e.printStackTrace(System.out);
      }
    }
    System.out.printf(
        "%d held, %d failed, %d skipped%n", chosen.size() - failed - skipped, failed, skipped);
    if (failed == 0) {
      delete(folder);
    }
    return failed == 0 ? 0 : 1;
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
