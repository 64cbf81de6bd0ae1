package points.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** The order in which everything is measured, baseline and scenarios in turns. */
final class Course {
  /** Over how many accounts the mix is spread. */
  static final int ACCOUNTS_FUNDED = 10_000;

  private static final int TRANSACTIONS_AN_ACCOUNT = 10;

  private final Bench bench;
  private final Results results;
  private final Consumer<String> progress;
  private final boolean quick;

  Course(Bench bench, Results results, Consumer<String> progress, boolean quick) {
    this.bench = bench;
    this.results = results;
    this.progress = progress;
    this.quick = quick;
  }

  /**
   * Measures everything.
   *
   * @param preload how many transactions to make before the last part
   */
  void run(int rounds, long preload) throws IOException {
    progress.accept("warming up");
    // The JVM compiles what is hot; until it has, its compiler is what would be measured.
    for (int i = 0; i < (quick ? 3 : 8); i++) {
      say(bench.credits(Bench.PEAK_CONNECTIONS));
    }
    for (int i = 0; i < (quick ? 1 : 3); i++) {
      say(bench.events());
    }
    bench.fund(ACCOUNTS_FUNDED);
    for (int i = 0; i < (quick ? 1 : 3); i++) {
      say(bench.mix());
    }
    progress.accept("looking for the baseline's best");
    List<Integer> clients = quick ? List.of(1, 16, 40) : List.of(1, 8, 16, 24, 32, 40);
    Duration time = Duration.ofSeconds(quick ? 4 : 10);
    for (Measured measured : bench.findBestBaseline(clients, time)) {
      say(measured);
      results.add(measured);
    }
    for (int round = 1; round <= rounds; round++) {
      progress.accept("round " + round + " of " + rounds);
      round();
    }
    double peak = results.row(Names.credits(Bench.PEAK_CONNECTIONS)).median().perSecond();
    for (int round = 1; round <= rounds; round++) {
      add(bench.steady(peak / 2));
    }
    add(bench.overload());
    progress.accept("preloading");
    bench.preload(preload, (int) Math.max(1, preload / TRANSACTIONS_AN_ACCOUNT));
    for (int round = 1; round <= rounds; round++) {
      results.addBaseline(said(bench.baseline()));
      add(bench.credits(Bench.PEAK_CONNECTIONS).named(Names.LOADED));
    }
  }

  /** What has to hold its own against the baseline comes next after it: the machine changes. */
  private void round() throws IOException {
    results.addBaseline(said(bench.baseline()));
    add(bench.credits(Bench.PEAK_CONNECTIONS));
    add(bench.hotAccount());
    for (int connections : new int[] {64, 8, 1}) {
      add(bench.credits(connections));
    }
    results.addBaseline(said(bench.baseline()));
    add(bench.batches());
    add(bench.mix());
    add(bench.events());
  }

  private void add(Measured measured) {
    results.add(said(measured));
  }

  private Measured said(Measured measured) {
    say(measured);
    return measured;
  }

  private void say(Measured measured) {
    progress.accept(
        String.format(Locale.ROOT, "  %-36s %9.0f/s", measured.scenario(), measured.perSecond()));
  }
}
