package points.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Everything that was measured, and how it compares. A ratio is always taken within a round, where
 * the scenario and the baseline ran one after the other; over the rounds the median counts. Not
 * thread-safe.
 */
final class Results {
  /**
   * One scenario over all rounds.
   *
   * @param median of each figure
   * @param ratio of its throughput to the baseline's in the same round, the median; NaN without one
   */
  record Row(String scenario, Measured median, double ratio, int rounds) {}

  private record InRound(Measured measured, double ratio) {}

  private final Map<String, List<InRound>> scenarios = new LinkedHashMap<>();
  private double baseline = Double.NaN;

  /** The baseline was measured: what follows is compared with it, until it is measured again. */
  void addBaseline(Measured measured) {
    baseline = measured.perSecond();
    add(measured);
  }

  void add(Measured measured) {
    scenarios
        .computeIfAbsent(measured.scenario(), name -> new ArrayList<>())
        .add(new InRound(measured, measured.perSecond() / baseline));
  }

  List<Row> rows() {
    return scenarios.keySet().stream().map(this::row).toList();
  }

  /**
   * What one scenario gave.
   *
   * @throws IllegalArgumentException if it was not measured
   */
  Row row(String scenario) {
    List<InRound> rounds = scenarios.get(scenario);
    if (rounds == null) {
      throw new IllegalArgumentException("not measured: " + scenario);
    }
    Measured median =
        new Measured(
            scenario,
            median(rounds, Measured::perSecond),
            Math.round(median(rounds, Measured::refused)),
            Math.round(median(rounds, Measured::failed)),
            median(rounds, Measured::p50),
            median(rounds, Measured::p95),
            median(rounds, Measured::p99),
            median(rounds, Measured::p999),
            time(rounds, m -> m.serviceCpu().toNanos()),
            time(rounds, m -> m.postgresCpu().toNanos()),
            time(rounds, m -> m.clientCpu().toNanos()),
            median(rounds, Measured::batchSize),
            Math.round(median(rounds, Measured::residentBytes)));
    double ratio = median(rounds.stream().mapToDouble(InRound::ratio).sorted().toArray());
    return new Row(scenario, median, ratio, rounds.size());
  }

  /** The most memory that was seen, in bytes. */
  long residentBytesMax() {
    return scenarios.values().stream()
        .flatMap(List::stream)
        .mapToLong(r -> r.measured().residentBytes())
        .max()
        .orElse(0);
  }

  private static Duration time(List<InRound> rounds, ToDoubleFunction<Measured> nanos) {
    return Duration.ofNanos(Math.round(median(rounds, nanos)));
  }

  private static double median(List<InRound> rounds, ToDoubleFunction<Measured> figure) {
    return median(
        rounds.stream().mapToDouble(r -> figure.applyAsDouble(r.measured())).sorted().toArray());
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
