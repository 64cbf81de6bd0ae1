package points.trials.hostile;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import points.trials.Scale;
import points.trials.Stage;
import points.trials.Trial;
import points.trials.Verdict;

/** Jazzer's texts, for everything that reads what strangers write. */
final class Parsers implements Trial {
  private static final int PROCESSES = 2;
  private static final int QUICK_SECONDS = 4;

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
    List<Fuzzer> fuzzers = fuzzers(stage);
    List<Fuzzer.Outcome> outcomes = outcomes(fuzzers);
    Map<String, Long> figures = new LinkedHashMap<>();
    List<String> findings = new ArrayList<>();
    long edges = 0;
    for (int i = 0; i < fuzzers.size(); i++) {
      switch (outcomes.get(i)) {
        case Fuzzer.Outcome.Done done -> {
          fuzzers.get(i).readers().forEach(reader -> figures.put(reader.name(), done.texts()));
          edges += done.edges();
        }
        case Fuzzer.Outcome.Finding(String what) -> findings.add(what);
        case Fuzzer.Outcome.Unavailable(String why) -> {
          return new Verdict.Skipped("Jazzer does not run on this machine: " + why);
        }
      }
    }
    if (!findings.isEmpty()) {
      throw new AssertionError(findings.size() + " findings:\n" + String.join("\n", findings));
    }
    figures.put("edges", edges);
    return new Verdict.Held(figures);
  }

  private static List<Fuzzer> fuzzers(Stage stage) throws Exception {
    SplittableRandom random = stage.random();
    List<Fuzzer> fuzzers = new ArrayList<>();
    for (List<Readers.Reader> readers : groups(stage.scale())) {
      int share = readers.stream().mapToInt(Readers.Reader::share).sum();
      fuzzers.add(
          new Fuzzer(
              readers,
              Files.createDirectory(stage.folder().resolve(readers.getFirst().name())),
              random.nextInt(1, Integer.MAX_VALUE),
              stage.scale().of(QUICK_SECONDS, 8 * share, 100 * share),
              stage.scale().of(2, 20, 100)));
    }
    return fuzzers;
  }

  /**
   * Who shares a process. Each reader gets more out of texts of its own; but to start Jazzer takes
   * seconds, so that those of one kind share one if there is little time.
   */
  private static List<List<Readers.Reader>> groups(Scale scale) {
    if (scale == Scale.QUICK) {
      return List.copyOf(
          Readers.all().stream()
              .collect(
                  Collectors.groupingBy(
                      Readers.Reader::kind, TreeMap::new, Collectors.toUnmodifiableList()))
              .values());
    }
    // The longest first: the processes end at about the same time.
    return Readers.all().stream()
        .sorted(Comparator.comparingInt(Readers.Reader::share).reversed())
        .map(List::of)
        .toList();
  }

  private static List<Fuzzer.Outcome> outcomes(List<Fuzzer> fuzzers) throws Exception {
    ExecutorService processes = Executors.newFixedThreadPool(PROCESSES);
    try {
      List<Future<Fuzzer.Outcome>> futures =
          fuzzers.stream().map(fuzzer -> processes.submit(fuzzer::run)).toList();
      List<Fuzzer.Outcome> outcomes = new ArrayList<>();
      for (Future<Fuzzer.Outcome> future : futures) {
        outcomes.add(future.get());
      }
      return outcomes;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a process of Jazzer failed", e.getCause());
    } finally {
      processes.shutdownNow();
      processes.close();
    }
  }
}
