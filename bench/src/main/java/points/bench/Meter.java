package points.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/** Reads the clocks of a subject's processes before and after a load. Used by one thread. */
final class Meter implements Load.Phases {
  /** What the clocks showed at one moment. */
  private record Reading(
      Duration service, Duration postgres, Duration client, double batches, double batched) {}

  private final Subject subject;
  private final HttpClient http;
  private Reading before;
  private Reading after;

  Meter(Subject subject, HttpClient http) throws IOException {
    this.subject = subject;
    this.http = http;
    this.before = read();
    this.after = before;
  }

  @Override
  public void begin() throws IOException {
    before = read();
  }

  @Override
  public void end() throws IOException {
    after = read();
  }

  private Reading read() throws IOException {
    String metrics = metrics(subject.address());
    return new Reading(
        // The service's only child is PostgreSQL, which is counted by itself.
        CpuTime.of(subject.pid()),
        CpuTime.ofTree(subject.postgresPid()),
        CpuTime.of(ProcessHandle.current().pid()),
        metric(metrics, "points_batch_size_count"),
        metric(metrics, "points_batch_size_sum"));
  }

  /** How many actions Connect has sent to Points so far, and has the answers of. */
  double sentByConnect() throws IOException {
    return metric(metrics(subject.connect()), "connect_actions_sent_total");
  }

  private String metrics(URI service) throws IOException {
    URI uri = service.resolve("/metrics");
    try {
      return http.send(
              HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static double metric(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name) && !line.startsWith("#"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** What a load over HTTP gave. */
  Measured of(String scenario, LoadResult load) throws IOException {
    Histogram latencies = load.latencies();
    double batches = after.batches - before.batches;
    return new Measured(
        scenario,
        load.perSecond(),
        load.refused(),
        load.failed(),
        latencies.getValueAtPercentile(50) / 1e3,
        latencies.getValueAtPercentile(95) / 1e3,
        latencies.getValueAtPercentile(99) / 1e3,
        latencies.getValueAtPercentile(99.9) / 1e3,
        per(load.operations(), after.service.minus(before.service)),
        per(load.operations(), after.postgres.minus(before.postgres)),
        per(load.operations(), after.client.minus(before.client)),
        batches == 0 ? 0 : (after.batched - before.batched) / batches,
        CpuTime.residentBytes(subject.pid()));
  }

  /** What a run of the baseline gave, of which only PostgreSQL and the client are at work. */
  Measured of(String scenario, Pgbench.Result result, Duration time) throws IOException {
    long operations = Math.round(result.perSecond() * time.toMillis() / 1000);
    double mean = result.meanMillis();
    return new Measured(
        scenario,
        result.perSecond(),
        0,
        0,
        mean,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        per(operations, after.service.minus(before.service)),
        per(operations, after.postgres.minus(before.postgres)),
        per(operations, result.clientTime()),
        0,
        CpuTime.residentBytes(subject.pid()));
  }

  private static Duration per(long operations, Duration time) {
    return operations == 0 ? Duration.ZERO : time.dividedBy(operations);
  }
}
