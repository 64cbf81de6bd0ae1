package points.trials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The cumulative record: a line for every trial that held or failed, and what they show together.
 * Thread-safe.
 */
final class RecordFile {
  private static final String RUNS = "## Run by run";
  private static final String TOGETHER = "## Together";
  private static final Pattern FIGURE = Pattern.compile("(\\d+) ([^,|]+)");

  /** A line: date, version, trial, seed, what was done, failures. */
  private static final Pattern RUN =
      Pattern.compile(
          "\\| (?<date>[-\\d]+) \\| [^|]* \\| (?<trial>[-\\w]+) \\| \\d+ \\| (?<done>[^|]*) \\|"
              + " (?<failures>\\d+) \\|");

  /** What a trial has done since it failed last. */
  private static final class Sum {
    private int runs;
    private int failures;
    private String since = "";
    private final SequencedMap<String, Long> figures = new LinkedHashMap<>();

    void add(String date, String done, boolean failed) {
      if (failed) {
        failures++;
        runs = 0;
        figures.clear();
        return;
      }
      since = runs == 0 ? date : since;
      runs++;
      for (MatchResult figure : FIGURE.matcher(done).results().toList()) {
        figures.merge(figure.group(2).strip(), Long.parseLong(figure.group(1)), Long::sum);
      }
    }

    /** No failure in n tries: the rule of three. */
    String line(String trial) {
      if (figures.isEmpty()) {
        return "| %s | %d | | | %d |".formatted(trial, runs, failures);
      }
      Map.Entry<String, Long> tries = figures.firstEntry();
      String bound = String.format(Locale.ROOT, "%.2g", 3.0 / Math.max(3, tries.getValue()));
      return "| %s | %d since %s | %d %s | 0, so below %s at 95 %% | %d |"
          .formatted(trial, runs, since, tries.getValue(), tries.getKey(), bound, failures);
    }
  }

  private final @Nullable Path file;

  /**
   * What is recorded goes to this file.
   *
   * @param file null for no record; otherwise it exists and has the two headings
   */
  RecordFile(@Nullable Path file) {
    this.file = file;
  }

  void held(String trial, long seed, Map<String, Long> done) throws IOException {
    StringBuilder figures = new StringBuilder();
    done.forEach(
        (name, value) ->
            figures.append(figures.isEmpty() ? "" : ", ").append(value).append(' ').append(name));
    add(trial, seed, figures.toString(), 0);
  }

  void failed(String trial, long seed, Throwable why) throws IOException {
    String first = String.valueOf(why.getMessage()).lines().findFirst().orElse("");
    add(trial, seed, first.replace('|', '/'), 1);
  }

  private synchronized void add(String trial, long seed, String done, int failures)
      throws IOException {
    if (file == null) {
      return;
    }
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.add(
        "| %s | %s | %s | %d | %s | %d |"
            .formatted(LocalDate.now(ZoneOffset.UTC), version(), trial, seed, done, failures));
    Files.write(file, withSums(lines));
  }

  /** The same lines, with the table of sums made anew. */
  private static List<String> withSums(List<String> lines) {
    Map<String, Sum> sums = new TreeMap<>();
    for (String line : lines) {
      var run = RUN.matcher(line);
      if (run.matches()) {
        sums.computeIfAbsent(run.group("trial"), t -> new Sum())
            .add(run.group("date"), run.group("done"), !run.group("failures").equals("0"));
      }
    }
    List<String> all = new ArrayList<>(lines.subList(0, lines.indexOf(TOGETHER) + 1));
    all.addAll(
        List.of(
            "",
            "| trial | runs | tries | failures since the last that was mended | mended before |",
            "| --- | --- | --- | --- | --- |"));
    sums.forEach((trial, sum) -> all.add(sum.line(trial)));
    all.add("");
    all.addAll(lines.subList(lines.indexOf(RUNS), lines.size()));
    return all;
  }

  private static String version() {
    String version = points.allinone.PostgresBinaries.class.getPackage().getImplementationVersion();
    return version == null ? "unpacked" : version;
  }
}
