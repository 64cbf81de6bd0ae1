package points.kit;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes events from the table to the sink, in order, and deletes them only once they have arrived.
 * Of all processes one relays: the one whose connection has the advisory lock. Should that
 * connection break, another one starts with the events that were under way, so the receiver sees
 * repetitions, but never a later event before an earlier one.
 */
final class OutboxRelay implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);
  private static final Duration STAND_BY = Duration.ofSeconds(1);
  private static final long DELAY_MILLIS_FIRST = 100;
  private static final long DELAY_MILLIS_MAX = 30_000;

  private final DataSource connections;
  private final String source;
  private final EventSink sink;
  private final OutboxMetrics metrics;
  private final Semaphore news = new Semaphore(0);
  private volatile boolean stopping;
  private int failures;

  OutboxRelay(DataSource connections, String source, EventSink sink, OutboxMetrics metrics) {
    this.connections = connections;
    this.source = source;
    this.sink = sink;
    this.metrics = metrics;
  }

  /** There may be something new to deliver. */
  void wake() {
    news.release();
  }

  /** Ends the relaying soon; sooner if the thread is interrupted, too. */
  void stop() {
    stopping = true;
  }

  /** Relays until it is stopped or the thread is interrupted. */
  @Override
  public void run() {
    while (!stopping && !Thread.currentThread().isInterrupted()) {
      try {
        relayUnlessLost();
        Thread.sleep(STAND_BY);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void relayUnlessLost() throws InterruptedException {
    try (Connection connection = connections.getConnection()) {
      if (!OutboxTable.lock(connection)) {
        return;
      }
      try {
        relay(connection);
      } finally {
        if (!connection.isClosed()) { // as it is where it broke, and then the lock is gone anyway
          OutboxTable.unlock(connection);
        }
      }
    } catch (SQLException e) {
      log.warn("the outbox is out of reach, trying again: {}", e.getMessage());
    }
  }

  private void relay(Connection connection) throws SQLException, InterruptedException {
    while (!stopping) {
      List<OutboxTable.Waiting> waiting = OutboxTable.read(connection, source, sink.eventsMax());
      if (waiting.isEmpty()) {
        if (news.tryAcquire(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
          news.drainPermits();
        }
      } else {
        deliver(connection, waiting);
      }
    }
  }

  /**
   * Delivers these. If one among many is refused, halves of them find it.
   *
   * @return whether what comes after them may be delivered
   */
  private boolean deliver(Connection connection, List<OutboxTable.Waiting> waiting)
      throws SQLException, InterruptedException {
    return switch (attempt(waiting)) {
      case EventSink.Delivery.Arrived arrived -> {
        OutboxTable.delete(connection, waiting);
        metrics.delivered.increment(waiting.size());
        failures = 0;
        yield true;
      }
      case EventSink.Delivery.Refused refused -> {
        if (waiting.size() == 1) {
          park(connection, waiting.getFirst(), refused.reason());
          yield true;
        }
        int half = waiting.size() / 2;
        yield deliver(connection, waiting.subList(0, half))
            && deliver(connection, waiting.subList(half, waiting.size()));
      }
      case EventSink.Delivery.Later later -> {
        pause(later);
        yield false;
      }
    };
  }

  private EventSink.Delivery attempt(List<OutboxTable.Waiting> waiting)
      throws InterruptedException {
    List<CloudEvent> events = new ArrayList<>();
    waiting.forEach(one -> events.add(one.event()));
    try {
      return sink.deliver(events);
    } catch (RuntimeException e) {
      log.error("delivering events failed in an unforeseen way", e);
      return new EventSink.Delivery.Later(e.toString(), Duration.ZERO);
    }
  }

  private void park(Connection connection, OutboxTable.Waiting event, String reason)
      throws SQLException {
    log.error(
        "event {} of type {} was refused for good and is set aside: {}",
        event.event().id(),
        event.event().type(),
        reason);
    OutboxTable.park(connection, event, reason);
    metrics.parked.increment();
  }

  private void pause(EventSink.Delivery.Later later) throws InterruptedException {
    metrics.failed.increment();
    failures++;
    long ceiling = Math.min(DELAY_MILLIS_FIRST << Math.min(failures - 1, 20), DELAY_MILLIS_MAX);
    Duration wait =
        later
            .waitAtLeast()
            .plusMillis(ThreadLocalRandom.current().nextLong(ceiling / 2, ceiling + 1));
    log.warn("events not delivered, again in {} ms: {}", wait.toMillis(), later.reason());
    Thread.sleep(wait);
  }
}
