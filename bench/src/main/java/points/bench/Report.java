package points.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** Writes the results as JSON and as a page that shows them. Stateless. */
final class Report {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Report() {}

  /** Writes both files and returns the page's. */
  static Path write(Path folder, Instant when, List<Results.Row> rows, List<Bar> bars)
      throws IOException {
    Files.createDirectories(folder);
    String name = when.truncatedTo(ChronoUnit.SECONDS).toString().replace(":", "");
    JSON.writerWithDefaultPrettyPrinter()
        .writeValue(folder.resolve(name + ".json").toFile(), json(when, rows, bars));
    return Files.writeString(folder.resolve(name + ".html"), page(when, rows, bars));
  }

  private static ObjectNode json(Instant when, List<Results.Row> rows, List<Bar> bars) {
    ObjectNode all = JSON.createObjectNode();
    all.put("time", when.toString());
    all.put("processors", Runtime.getRuntime().availableProcessors());
    all.put("java", Runtime.version().toString());
    ArrayNode scenarios = all.putArray("scenarios");
    for (Results.Row row : rows) {
      Measured m = row.median();
      ObjectNode scenario = scenarios.addObject().put("name", row.scenario());
      scenario.put("rounds", row.rounds()).put("per_second", m.perSecond());
      put(scenario, "ratio_to_baseline", row.ratio());
      put(scenario, "p50_ms", m.p50());
      put(scenario, "p95_ms", m.p95());
      put(scenario, "p99_ms", m.p99());
      put(scenario, "p999_ms", m.p999());
      scenario.put("service_cpu_us", m.serviceCpu().toNanos() / 1e3);
      scenario.put("postgres_cpu_us", m.postgresCpu().toNanos() / 1e3);
      scenario.put("client_cpu_us", m.clientCpu().toNanos() / 1e3);
      scenario.put("batch_size", m.batchSize()).put("resident_bytes", m.residentBytes());
      scenario.put("refused", m.refused()).put("failed", m.failed());
    }
    ArrayNode wanted = all.putArray("bars");
    for (Bar bar : bars) {
      ObjectNode node = wanted.addObject().put("what", bar.what());
      put(node, "value", bar.value());
      node.put(bar.isMaximum() ? "at_most" : "at_least", bar.limit()).put("met", bar.isMet());
    }
    return all;
  }

  /** JSON has no NaN: what was not measured is left out. */
  private static void put(ObjectNode node, String name, double value) {
    if (!Double.isNaN(value)) {
      node.put(name, value);
    }
  }

  private static String page(Instant when, List<Results.Row> rows, List<Bar> bars) {
    StringBuilder met = new StringBuilder();
    bars.forEach(bar -> met.append("<li>").append(bar.text()).append("</li>\n"));
    return """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <title>Points: benchmark</title>
    <style>
    body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; }
    .row { display: grid; grid-template-columns: 17rem 1fr; margin: .25rem 0; }
    .part { display: inline-block; height: 1.2rem; vertical-align: middle; }
    .a { background: #4477aa } .b { background: #ee6677 } .c { background: #ccbb44 }
    pre { overflow-x: auto; font-size: 12px }
    </style>
    </head>
    <body>
    <h1>Points: benchmark of %s</h1>
    <p>%d processors, Java %s. Baseline A: pgbench calls one stored function per credit, on the same
    PostgreSQL, on tables of the same columns and indexes.</p>
    <ul>
    %s</ul>
    <h2>Throughput, as a multiple of baseline A</h2>
    %s<h2>Processor time per operation: <span class="part a">service</span>
    <span class="part b">PostgreSQL</span> <span class="part c">load generator</span></h2>
    %s<h2>Time to answer: <span class="part a">median</span> <span class="part b">p95</span>
    <span class="part c">p99</span></h2>
    %s<h2>All figures</h2>
    <pre>%s</pre>
    </body>
    </html>
    """
        .formatted(
            when,
            Runtime.getRuntime().availableProcessors(),
            Runtime.version(),
            met,
            bars(rows, row -> new double[] {row.ratio()}),
            bars(
                rows,
                row ->
                    new double[] {
                      row.median().serviceCpu().toNanos() / 1e3,
                      row.median().postgresCpu().toNanos() / 1e3,
                      row.median().clientCpu().toNanos() / 1e3
                    }),
            bars(
                rows,
                row ->
                    new double[] {
                      row.median().p50(),
                      row.median().p95() - row.median().p50(),
                      row.median().p99() - row.median().p95()
                    }),
            Table.of(rows));
  }

  private interface Parts {
    double[] of(Results.Row row);
  }

  /** A stacked bar a row, the longest of them as long as there is room. */
  private static String bars(List<Results.Row> rows, Parts parts) {
    double longest = rows.stream().mapToDouble(row -> sum(parts.of(row))).max().orElse(1);
    StringBuilder html = new StringBuilder();
    for (Results.Row row : rows) {
      html.append("<div class=\"row\"><span>").append(row.scenario()).append("</span><span>");
      double[] values = parts.of(row);
      for (int i = 0; i < values.length; i++) {
        double width = Double.isNaN(values[i]) ? 0 : 80 * values[i] / longest;
        html.append(
            String.format(
                Locale.ROOT,
                "<span class=\"part %c\" style=\"width:%.2f%%\"></span>",
                "abc".charAt(i),
                width));
      }
      html.append(String.format(Locale.ROOT, " %.2f</span></div>%n", sum(values)));
    }
    return html.toString();
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += Double.isNaN(value) ? 0 : value;
    }
    return sum;
  }
}
