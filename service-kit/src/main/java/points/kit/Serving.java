package points.kit;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** What all requests of a server share. Safe for use by many threads. */
final class Serving {

  final HttpSettings settings;
  final RouteTable routes;
  final Authenticator authenticator;
  final Connections connections;
  final SourceLimits limits;
  final HttpMetrics metrics;
  final AccessLog accessLog;
  final ExecutorService blocking =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory());

  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile boolean stopping;

  Serving(HttpSettings settings, List<Route> routes, Authenticator authenticator, Metrics metrics) {
    this.settings = settings;
    this.routes = new RouteTable(routes);
    this.authenticator = authenticator;
    this.connections = new Connections(settings);
    this.limits = new SourceLimits(settings.sourceRequestsMax());
    this.accessLog = new AccessLog(settings.accessLog());
    this.metrics = new HttpMetrics(metrics.registry(), routes, inFlight::get, connections::count);
  }

  /** Counts a request in; false if there are too many, but it counts all the same. */
  boolean enter() {
    return inFlight.incrementAndGet() <= settings.requestsMax();
  }

  void leave() {
    inFlight.decrementAndGet();
  }

  void stopping() {
    stopping = true;
  }

  boolean isStopping() {
    return stopping;
  }
}
