package points.connect;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import points.connect.postgres.Intake;
import points.connect.postgres.StoreUnavailable;

/**
 * Takes events in through a few lanes: each commits whatever is waiting, one request's events or
 * hundreds of requests', together. Thread-safe.
 */
final class IntakeLanes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IntakeLanes.class);

  /**
   * How large it is.
   *
   * @param lanes how many commit in parallel
   * @param queueMax how many events may wait in a lane
   * @param batchMax how many are committed together, unless one request has more
   */
  record Size(int lanes, int queueMax, int batchMax) {}

  private record Waiting(
      List<Intake.Arrival> arrivals, CompletableFuture<List<Intake.Taken>> taken) {}

  private final Intake intake;
  private final Runnable news;
  private final Size size;
  private final Counter events;
  private final DistributionSummary batches;
  private final List<Lane> lanes = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private volatile boolean accepting = true;

  /**
   * Starts the lanes.
   *
   * @param news is run when there are new actions to send
   */
  IntakeLanes(Intake intake, Size size, Runnable news, MeterRegistry meters) {
    this.intake = intake;
    this.news = news;
    this.size = size;
    this.events =
        Counter.builder("connect.events.taken")
            .description("Events that were taken in, duplicates included")
            .register(meters);
    this.batches =
        DistributionSummary.builder("connect.intake.batch")
            .description("Events that were committed together")
            .register(meters);
    for (int i = 0; i < size.lanes(); i++) {
      lanes.add(new Lane("intake-" + i));
    }
  }

  /**
   * Takes events in; completes when they are on disk.
   *
   * @return what became of each; fails with {@link RejectedExecutionException} where too much is
   *     waiting, and with {@link StoreUnavailable} where the database is away
   */
  CompletableFuture<List<Intake.Taken>> submit(List<Intake.Arrival> arrivals) {
    int lane = Math.floorMod(next.getAndIncrement(), lanes.size());
    return lanes.get(lane).submit(arrivals);
  }

  /** Does what is waiting, and accepts nothing more. */
  @Override
  public void close() {
    accepting = false;
    lanes.forEach(Lane::awaitEnd);
  }

  private final class Lane {
    private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Thread thread;

    Lane(String name) {
      this.thread = Thread.ofPlatform().name(name).start(this::run);
    }

    CompletableFuture<List<Intake.Taken>> submit(List<Intake.Arrival> arrivals) {
      CompletableFuture<List<Intake.Taken>> taken = new CompletableFuture<>();
      if (!accepting || waiting.get() > size.queueMax()) {
        taken.completeExceptionally(new RejectedExecutionException("too many events are waiting"));
        return taken;
      }
      waiting.addAndGet(arrivals.size());
      queue.add(new Waiting(arrivals, taken));
      if (!accepting && !thread.isAlive()) {
        refuseRest();
      }
      return taken;
    }

    private void run() {
      while (accepting || !queue.isEmpty()) {
        try {
          // The wait has an end only so that a stop is noticed.
          Waiting first = queue.poll(100, TimeUnit.MILLISECONDS);
          if (first != null) {
            execute(batch(first));
          }
        } catch (InterruptedException e) {
          LOG.warn("a lane was interrupted; it goes on", e);
        }
      }
    }

    private List<Waiting> batch(Waiting first) {
      List<Waiting> batch = new ArrayList<>();
      int count = first.arrivals().size();
      batch.add(first);
      for (Waiting more = queue.peek(); more != null; more = queue.peek()) {
        count += more.arrivals().size();
        if (count > size.batchMax()) {
          break;
        }
        queue.remove();
        batch.add(more);
      }
      return batch;
    }

    private void execute(List<Waiting> batch) {
      List<Intake.Arrival> all = new ArrayList<>();
      batch.forEach(one -> all.addAll(one.arrivals()));
      waiting.addAndGet(-all.size());
      try {
        Intake.Result result = intake.accept(all);
        events.increment(all.size());
        batches.record(all.size());
        if (result.actions() > 0) {
          news.run();
        }
        int from = 0;
        for (Waiting one : batch) {
          int to = from + one.arrivals().size();
          one.taken().complete(List.copyOf(result.taken().subList(from, to)));
          from = to;
        }
      } catch (StoreUnavailable e) {
        batch.forEach(one -> one.taken().completeExceptionally(e));
      } catch (RuntimeException | Error e) {
        executeOneByOne(batch, e);
      }
    }

    /** A bug that one request brings out must not fail its neighbours. */
    private void executeOneByOne(List<Waiting> batch, Throwable cause) {
      if (batch.size() == 1) {
        batch.getFirst().taken().completeExceptionally(cause);
        return;
      }
      LOG.error("a batch of {} requests failed; executing them one by one", batch.size(), cause);
      waiting.addAndGet(batch.stream().mapToInt(one -> one.arrivals().size()).sum());
      batch.forEach(one -> execute(List.of(one)));
    }

    void awaitEnd() {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      refuseRest();
    }

    private void refuseRest() {
      for (Waiting late = queue.poll(); late != null; late = queue.poll()) {
        late.taken().completeExceptionally(new RejectedExecutionException("shutting down"));
      }
    }
  }
}
