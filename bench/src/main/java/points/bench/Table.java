package points.bench;

import java.util.List;
import java.util.Locale;

/** The results for a terminal. Stateless. */
final class Table {
  private static final String HEAD =
      "%-36s %9s %6s %8s %8s %8s %8s %8s %8s %8s %6s %5s %8s %6s%n"
          .formatted(
              "scenario",
              "ops/s",
              "÷ A",
              "p50 ms",
              "p95",
              "p99",
              "p99.9",
              "µs srv",
              "µs pg",
              "µs load",
              "batch",
              "MB",
              "refused",
              "failed");

  private Table() {}

  static String of(List<Results.Row> rows) {
    StringBuilder text = new StringBuilder(HEAD);
    rows.forEach(row -> text.append(line(row)));
    return text.toString();
  }

  private static String line(Results.Row row) {
    Measured m = row.median();
    return String.format(
        Locale.ROOT,
        "%-36s %9.0f %6s %8s %8s %8s %8s %8.1f %8.1f %8.1f %6s %5d %8d %6d%n",
        row.scenario(),
        m.perSecond(),
        figure(row.ratio()),
        figure(m.p50()),
        figure(m.p95()),
        figure(m.p99()),
        figure(m.p999()),
        m.serviceCpu().toNanos() / 1e3,
        m.postgresCpu().toNanos() / 1e3,
        m.clientCpu().toNanos() / 1e3,
        m.batchSize() == 0 ? "-" : String.format(Locale.ROOT, "%.1f", m.batchSize()),
        m.residentBytes() >> 20,
        m.refused(),
        m.failed());
  }

  private static String figure(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }
}
