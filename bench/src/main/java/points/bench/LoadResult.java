package points.bench;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * What a load has seen while it measured.
 *
 * @param operations that succeeded
 * @param refused requests that were told to come again later (429 or 503)
 * @param failed requests of which something was answered in another way than expected
 * @param latencies of requests that were not refused, in microseconds
 */
record LoadResult(long operations, long refused, long failed, Duration time, Histogram latencies) {
  double perSecond() {
    return operations * 1e9 / time.toNanos();
  }
}
