package points.bench;

import java.time.Duration;

/**
 * What one scenario gave in one round.
 *
 * @param perSecond operations that succeeded, per second
 * @param refused requests told to come again later
 * @param failed requests answered in another way than expected
 * @param p50 of the answers' times, in milliseconds; with {@code p95}, {@code p99} and {@code p999}
 * @param serviceCpu processor time of the service per operation
 * @param postgresCpu processor time of PostgreSQL per operation
 * @param clientCpu processor time of the load's generator per operation
 * @param batchSize operations committed together, on average; 0 where there are no batches
 * @param residentBytes the service's memory right after it
 */
record Measured(
    String scenario,
    double perSecond,
    long refused,
    long failed,
    double p50,
    double p95,
    double p99,
    double p999,
    Duration serviceCpu,
    Duration postgresCpu,
    Duration clientCpu,
    double batchSize,
    long residentBytes) {
  /** The same under another name. */
  Measured named(String name) {
    return new Measured(
        name,
        perSecond,
        refused,
        failed,
        p50,
        p95,
        p99,
        p999,
        serviceCpu,
        postgresCpu,
        clientCpu,
        batchSize,
        residentBytes);
  }
}
