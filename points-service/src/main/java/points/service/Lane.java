package points.service;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import points.ledger.Command;
import points.ledger.Ledger;
import points.ledger.Operation;
import points.ledger.Outcome;
import points.service.postgres.LedgerUnavailable;

/** One lane: a bounded queue, and the thread that executes what is in it, batch after batch. */
final class Lane {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

  /** In overload the rest of a queue is for those who finish what was begun. */
  private static final double SHARE_OF_BEGINNERS = 0.8;

  private record Waiting(Command command, CompletableFuture<Outcome> outcome, long sinceNanos) {}

  private final Ledger ledger;
  private final Lanes.Size size;
  private final LaneMetrics metrics;
  private final BlockingQueue<Waiting> queue;
  private final Thread thread;
  private volatile boolean accepting = true;

  Lane(String name, Ledger ledger, Lanes.Size size, LaneMetrics metrics) {
    this.ledger = ledger;
    this.size = size;
    this.metrics = metrics;
    this.queue = new ArrayBlockingQueue<>(size.queueMax());
    this.thread = Thread.ofPlatform().name(name).start(this::run);
  }

  int waiting() {
    return queue.size();
  }

  CompletableFuture<Outcome> submit(Command command) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    Waiting waiting = new Waiting(command, outcome, System.nanoTime());
    if (!accepting) {
      outcome.completeExceptionally(new Lanes.Overloaded("shutting down"));
    } else if ((isCrowded() && !isFinishing(command)) || !queue.offer(waiting)) {
      outcome.completeExceptionally(new Lanes.Overloaded("too many operations are waiting"));
    } else if (!accepting && !thread.isAlive() && queue.remove(waiting)) {
      // It slipped in between the thread's last look and its end: nobody else would answer it.
      outcome.completeExceptionally(new Lanes.Overloaded("shutting down"));
    }
    return outcome;
  }

  /** Whether the queue is nearly full, or its head has waited for too long already. */
  private boolean isCrowded() {
    Waiting oldest = queue.peek();
    return oldest != null
        && (queue.size() >= size.queueMax() * SHARE_OF_BEGINNERS
            || System.nanoTime() - oldest.sinceNanos() > size.delayMax().toNanos());
  }

  /** Captures and releases give back what is held; to refuse them would only make things worse. */
  private static boolean isFinishing(Command command) {
    return command.operation() instanceof Operation.OnHold;
  }

  void stopAccepting() {
    accepting = false;
  }

  void awaitEnd() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Waiting late = queue.poll(); late != null; late = queue.poll()) {
      late.outcome().completeExceptionally(new Lanes.Overloaded("shutting down"));
    }
  }

  private void run() {
    List<Waiting> batch = new ArrayList<>(size.batchMax());
    while (accepting || !queue.isEmpty()) {
      try {
        // The wait has an end only so that a stop is noticed.
        Waiting first = queue.poll(100, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, size.batchMax() - 1);
          execute(stillWanted(batch));
          batch.clear();
        }
      } catch (InterruptedException e) {
        LOG.warn("a lane was interrupted; it goes on", e);
      }
    }
  }

  /** Without those that have waited for so long that their callers will have given up. */
  private List<Waiting> stillWanted(List<Waiting> batch) {
    long oldest = System.nanoTime() - size.waitMax().toNanos();
    List<Waiting> wanted = new ArrayList<>(batch.size());
    for (Waiting waiting : batch) {
      if (waiting.sinceNanos() - oldest < 0) {
        waiting
            .outcome()
            .completeExceptionally(new Lanes.Overloaded("waited too long in the queue"));
      } else {
        wanted.add(waiting);
      }
    }
    return wanted;
  }

  private void execute(List<Waiting> batch) {
    if (batch.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    try {
      List<Outcome> outcomes = ledger.execute(batch.stream().map(Waiting::command).toList());
      metrics.executed(batch.size(), System.nanoTime() - start);
      for (int i = 0; i < outcomes.size(); i++) {
        answer(batch.get(i), outcomes.get(i));
      }
    } catch (LedgerUnavailable e) {
      batch.forEach(waiting -> waiting.outcome().completeExceptionally(e));
    } catch (RuntimeException | Error e) {
      executeOneByOne(batch, e);
    }
  }

  /** A bug that one command brings out must not fail its neighbours. */
  private void executeOneByOne(List<Waiting> batch, Throwable cause) {
    if (batch.size() == 1) {
      LOG.error("command {} failed", batch.getFirst().command().key(), cause);
      batch.getFirst().outcome().completeExceptionally(cause);
      return;
    }
    LOG.error("a batch of {} failed; executing its commands one by one", batch.size(), cause);
    batch.forEach(waiting -> execute(List.of(waiting)));
  }

  private void answer(Waiting waiting, Outcome outcome) {
    metrics.decided(waiting.command().operation().verb(), outcome);
    waiting.outcome().complete(outcome);
  }
}
