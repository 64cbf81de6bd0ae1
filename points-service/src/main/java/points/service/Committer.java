package points.service;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import points.ledger.Ledger;
import points.ledger.Outcome;
import points.service.postgres.LedgerUnavailable;

/** Executes batch after batch, of whatever waits in the lanes that nobody else has taken. */
final class Committer {
  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

  private final Lanes lanes;
  private final Ledger ledger;
  private final Lanes.Size size;
  private final LaneMetrics metrics;
  private final Thread thread;

  Committer(String name, Lanes lanes, Ledger ledger, Lanes.Size size, LaneMetrics metrics) {
    this.lanes = lanes;
    this.ledger = ledger;
    this.size = size;
    this.metrics = metrics;
    this.thread = Thread.ofPlatform().name(name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void awaitEnd() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    for (Lanes.Load load = lanes.take(); load != null; load = lanes.take()) {
      List<Runnable> answers = execute(stillWanted(load.batch()));
      // Others may go on with these accounts while the callers are answered.
      lanes.giveBack(load);
      answers.forEach(Runnable::run);
    }
  }

  /** Without those that have waited for so long that their callers will have given up. */
  private List<Waiting> stillWanted(List<Waiting> batch) {
    long oldest = System.nanoTime() - size.waitMax().toNanos();
    List<Waiting> wanted = new ArrayList<>(batch.size());
    for (Waiting waiting : batch) {
      if (waiting.sinceNanos() - oldest < 0) {
        waiting.refuse("waited too long in the queue");
      } else {
        wanted.add(waiting);
      }
    }
    return wanted;
  }

  /** Executes a batch, and says how to answer it. */
  private List<Runnable> execute(List<Waiting> batch) {
    List<Runnable> answers = new ArrayList<>(batch.size());
    if (batch.isEmpty()) {
      return answers;
    }
    long start = System.nanoTime();
    try {
      List<Outcome> outcomes = ledger.execute(batch.stream().map(Waiting::command).toList());
      metrics.executed(batch.size(), System.nanoTime() - start);
      for (int i = 0; i < outcomes.size(); i++) {
        Waiting waiting = batch.get(i);
        Outcome outcome = outcomes.get(i);
        answers.add(() -> answer(waiting, outcome));
      }
    } catch (LedgerUnavailable e) {
      batch.forEach(w -> answers.add(() -> w.outcome().completeExceptionally(e)));
    } catch (RuntimeException | Error e) {
      answers.addAll(executeOneByOne(batch, e));
    }
    return answers;
  }

  /** A bug that one command brings out must not fail its neighbours. */
  private List<Runnable> executeOneByOne(List<Waiting> batch, Throwable cause) {
    if (batch.size() == 1) {
      Waiting only = batch.getFirst();
      LOG.error("command {} failed", only.command().key(), cause);
      return List.of(() -> only.outcome().completeExceptionally(cause));
    }
    LOG.error("a batch of {} failed; executing its commands one by one", batch.size(), cause);
    List<Runnable> answers = new ArrayList<>(batch.size());
    batch.forEach(waiting -> answers.addAll(execute(List.of(waiting))));
    return answers;
  }

  private void answer(Waiting waiting, Outcome outcome) {
    metrics.decided(waiting.command().operation().verb(), outcome);
    waiting.outcome().complete(outcome);
  }
}
