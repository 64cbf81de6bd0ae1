package points.service;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import points.ledger.Command;
import points.ledger.Ledger;
import points.ledger.Outcome;

/**
 * Does what is due: expires holds and lots and activates credits, through the same lanes as
 * everything else. When is written in the rows themselves, so there is no schedule to keep or lose;
 * several processes may look, and the ledger lets one of them win.
 */
final class DueWork implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DueWork.class);
  private static final int AT_ONCE = 1000;

  private final Ledger ledger;
  private final Lanes lanes;
  private final DatabaseClock clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("due-work").daemon().factory());

  DueWork(Ledger ledger, Lanes lanes, DatabaseClock clock) {
    this.ledger = ledger;
    this.lanes = lanes;
    this.clock = clock;
  }

  /** Looks from now on, so often. */
  void start(Duration interval) {
    ScheduledFuture<?> unused =
        timer.scheduleWithFixedDelay(
            this::lookOnce, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void lookOnce() {
    try {
      clock.refresh();
      List<Command> due = ledger.due(AT_ONCE);
      while (!due.isEmpty() && doAll(due) > 0) {
        due = ledger.due(AT_ONCE);
      }
    } catch (Exception e) {
      LOG.warn("what is due could not be done, trying again soon: {}", e.toString());
    }
  }

  /**
   * Does them.
   *
   * @return how many made a difference; if none did, they are left for the next look
   */
  private long doAll(List<Command> due) {
    List<CompletableFuture<Outcome>> outcomes = lanes.submit(due);
    return outcomes.stream().filter(o -> o.join() instanceof Outcome.Posted).count();
  }

  @Override
  public void close() {
    timer.shutdown();
    try {
      if (!timer.awaitTermination(10, TimeUnit.SECONDS)) {
        timer.shutdownNow();
      }
    } catch (InterruptedException e) {
      timer.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
