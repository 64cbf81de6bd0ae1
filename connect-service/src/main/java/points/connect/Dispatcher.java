package points.connect;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import points.connect.postgres.ActionQueue;
import points.connect.postgres.PointsAway;

/**
 * Sends RewardActions to Points, batch after batch, for as long as there are any, and waits out
 * whatever is away meanwhile. Thread-safe.
 */
final class Dispatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final Duration STOP_TIME = Duration.ofSeconds(20);

  /**
   * How it works.
   *
   * @param senders how many batches are on their way at once
   * @param batchMax how many actions go together
   * @param poll how often is looked without being told to
   */
  record Size(int senders, int batchMax, Duration poll) {}

  private final ActionQueue queue;
  private final Sending sending;
  private final Size size;
  private final Backoff backoff;
  private final Counter sent;
  private final Counter failures;
  private final Semaphore news = new Semaphore(0);
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean running = true;

  Dispatcher(ActionQueue queue, Sending sending, Size size, Backoff backoff, MeterRegistry meters) {
    this.queue = queue;
    this.sending = sending;
    this.size = size;
    this.backoff = backoff;
    this.sent =
        Counter.builder("connect.actions.sent")
            .description("RewardActions and reversals that were sent to Points")
            .register(meters);
    this.failures =
        Counter.builder("connect.dispatch.failures")
            .description("Batches that Points, or the database, did not take")
            .register(meters);
  }

  /** Sends from now on. */
  void start() {
    for (int i = 0; i < size.senders(); i++) {
      threads.add(
          Thread.ofPlatform()
              .name("credits-" + i)
              .start(() -> run(() -> queue.sendCredits(size.batchMax(), sending::credits))));
    }
    threads.add(
        Thread.ofPlatform()
            .name("reversals")
            .start(() -> run(() -> queue.sendReversals(size.batchMax(), sending::reversals))));
  }

  /** There is something to send. Never blocks. */
  void wake() {
    news.release(size.senders() + 1);
  }

  private void run(IntSupplier sendSome) {
    int failed = 0;
    while (running) {
      try {
        int count = sendSome.getAsInt();
        sent.increment(count);
        failed = 0;
        if (count < size.batchMax()) {
          rest(count == 0);
        }
      } catch (InterruptedException e) {
        return; // only close() does that
      } catch (RuntimeException e) {
        failures.increment();
        failed++;
        tell(e, failed);
        if (!pause(backoff.after(failed))) {
          return;
        }
      }
    }
  }

  private void rest(boolean idle) throws InterruptedException {
    if (idle) {
      boolean unused = news.tryAcquire(size.poll().toMillis(), TimeUnit.MILLISECONDS);
    }
    news.drainPermits();
  }

  private static void tell(RuntimeException e, int failed) {
    if (e instanceof PointsAway) {
      LOG.warn("Points is away, trying again: {} ({} times so far)", e.getMessage(), failed);
    } else {
      LOG.error("sending to Points failed, trying again", e);
    }
  }

  private boolean pause(Duration time) {
    try {
      Thread.sleep(time);
      return running;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /** Stops after the batches that are under way. What was not sent stays for the next start. */
  @Override
  public void close() {
    running = false;
    wake();
    long end = System.nanoTime() + STOP_TIME.toNanos();
    for (Thread thread : threads) {
      try {
        if (!thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())))) {
          thread.interrupt();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        thread.interrupt();
      }
    }
  }
}
