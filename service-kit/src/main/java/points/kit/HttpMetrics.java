package points.kit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** How many requests there were, and how long they took, by route, method and status. */
final class HttpMetrics {

  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5)
  };

  private static final int STATUS_MAX = 599;

  private final MeterRegistry registry;

  /** Filled once and then only read; by identity, as this is looked up for every request. */
  private final IdentityHashMap<Route, AtomicReferenceArray<@Nullable Timer>> timers =
      new IdentityHashMap<>();

  private final AtomicReferenceArray<@Nullable Timer> unrouted = byStatus();

  HttpMetrics(
      MeterRegistry registry, List<Route> routes, IntSupplier inFlight, IntSupplier connections) {
    this.registry = registry;
    routes.forEach(route -> timers.put(route, byStatus()));
    Gauge.builder("http.server.in.flight", inFlight::getAsInt).register(registry);
    Gauge.builder("http.server.connections", connections::getAsInt).register(registry);
  }

  private static AtomicReferenceArray<@Nullable Timer> byStatus() {
    return new AtomicReferenceArray<>(STATUS_MAX + 1);
  }

  /**
   * Counts a request. The tag is the route's template, never the path: a stranger must not be able
   * to make up time series.
   *
   * @param route null where there was none
   */
  void record(@Nullable Route route, int status, long nanos) {
    AtomicReferenceArray<@Nullable Timer> mine =
        route == null ? unrouted : timers.getOrDefault(route, unrouted);
    Timer timer = mine.get(status);
    if (timer == null) {
      timer = timer(route, status);
      mine.set(status, timer); // the registry gives everybody the same one
    }
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer timer(@Nullable Route route, int status) {
    return Timer.builder("http.server.requests")
        .tag("route", route == null ? "none" : route.template())
        .tag("method", route == null ? "other" : route.method())
        .tag("status", Integer.toString(status))
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }
}
