package points.service;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import points.ledger.Command;
import points.ledger.Ledger;
import points.ledger.Outcome;

/**
 * Group commit: commands wait in lanes, and a few committers execute whatever is waiting, a batch
 * at a time, so that the cost of a commit is shared and a hot account is written once a batch.
 *
 * <p>An account always falls into the same lane, and a lane is in one batch at a time. There are
 * more lanes than committers, and a committer takes as many lanes as make a batch worth its commit:
 * when little is waiting it takes all of it and the others rest, as two small batches cost nearly
 * twice what one does; when much is, all of them are at work on a part each.
 *
 * <p>When nobody is at work, nobody waits for a batch to fill. Beside a batch that is under way
 * another committer begins with {@link #WORTHWHILE} commands, or after {@link #PATIENCE}; or at
 * once, when there are so few callers that they would only wait for each other. Thread-safe.
 */
public final class Lanes implements AutoCloseable {
  /** Lanes for each committer: enough that what one leaves is a fair share for the others. */
  private static final int LANES_EACH = 8;

  /**
   * A batch of so many takes no further lane, as another committer can, unless its share of what is
   * waiting is larger. Of 1, 24, 48, 64 and 80 the larger ones were as fast as each other and a
   * tenth faster than the rest.
   */
  private static final int ENOUGH = 64;

  /** From so many commands on a batch of their own is worth its commit. */
  private static final int WORTHWHILE = 16;

  /** As long as fewer commands wait or are under way, hardly anybody would come to fill a batch. */
  private static final int COMPANY = 12;

  /** So long a command waits at most for a batch to fill beside another. */
  private static final Duration PATIENCE = Duration.ofMillis(2);

  /**
   * How much of everything.
   *
   * @param committers how many batches are executed in parallel, 1 or more
   * @param queueMax how many commands may wait in each lane; one more is refused
   * @param batchMax how many are executed at once
   * @param waitMax how long a command may wait before it is refused unexecuted
   * @param delayMax how long the first in a lane may have waited; while it is longer, further
   *     commands are refused at once, but captures and releases are taken all the same
   */
  public record Size(
      int committers, int queueMax, int batchMax, Duration waitMax, Duration delayMax) {}

  /** The command was not executed because too many are waiting; nothing was done. */
  public static final class Overloaded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Overloaded(String message) {
      super(message, null, false, false);
    }
  }

  /** What a committer has taken, and the lanes that it has to give back. */
  record Load(List<Lane> lanes, List<Waiting> batch) {}

  private final Ledger ledger;
  private final Size size;
  private final LaneMetrics metrics;
  private final Duration patience;
  private final List<Lane> lanes;
  private final List<Committer> committers = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private boolean accepting = true;

  /** How many commands are in batches that are under way. */
  private int executing;

  /** How many committers wait for a batch to fill. */
  private int patient;

  /** Starts the committers in front of {@code ledger}. */
  public Lanes(Ledger ledger, Size size, MeterRegistry registry) {
    this(ledger, size, PATIENCE, registry);
  }

  /** With another patience than the usual one. */
  Lanes(Ledger ledger, Size size, Duration patience, MeterRegistry registry) {
    this.ledger = ledger;
    this.size = size;
    this.metrics = new LaneMetrics(registry);
    this.patience = patience;
    this.lanes =
        Stream.generate(() -> new Lane(size)).limit((long) LANES_EACH * size.committers()).toList();
    for (int i = 0; i < size.committers(); i++) {
      committers.add(new Committer("committer-" + i, this, ledger, size, metrics));
    }
    committers.forEach(Committer::start);
    metrics.watchQueues(this);
  }

  /**
   * Hands a command to its lane, unless it is a repeat whose outcome is at hand.
   *
   * @return the outcome, once it is durable; fails with {@link Overloaded} if it was not executed,
   *     or with what the ledger threw
   */
  public CompletableFuture<Outcome> submit(Command command) {
    Outcome known = recall(command);
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    Waiting waiting = Waiting.of(command);
    lock.lock();
    try {
      admit(waiting, laneOf(command));
    } finally {
      lock.unlock();
    }
    return waiting.outcome();
  }

  /**
   * Hands over commands that came together and are to be decided in their order. Those of one
   * account are in any case; where two share a key their order matters too, so then all go into one
   * lane.
   */
  public List<CompletableFuture<Outcome>> submit(List<Command> commands) {
    boolean distinct = commands.stream().map(Command::key).distinct().count() == commands.size();
    List<CompletableFuture<Outcome>> outcomes = new ArrayList<>(commands.size());
    List<Waiting> waiting = new ArrayList<>(commands.size());
    for (Command command : commands) {
      Outcome known = recall(command);
      if (known == null) {
        waiting.add(Waiting.of(command));
        outcomes.add(waiting.getLast().outcome());
      } else {
        outcomes.add(CompletableFuture.completedFuture(known));
      }
    }
    lock.lock();
    try {
      waiting.forEach(w -> admit(w, laneOf(distinct ? w.command() : commands.getFirst())));
    } finally {
      lock.unlock();
    }
    return outcomes;
  }

  /** A repeat whose outcome is at hand needs no batch. */
  private @Nullable Outcome recall(Command command) {
    Outcome known = ledger.recall(command);
    if (known != null) {
      metrics.decided(command.operation().verb(), known);
    }
    return known;
  }

  private Lane laneOf(Command command) {
    return lanes.get(command.operation().bucket() % lanes.size());
  }

  private void admit(Waiting waiting, Lane lane) {
    if (!accepting) {
      waiting.refuse("shutting down");
    } else if (!lane.offer(waiting)) {
      waiting.refuse("too many operations are waiting");
    } else if (lane.isReady() && (patient == 0 || isWorthwhile())) {
      work.signal();
    }
  }

  /** Whether what is waiting should be executed now, and not a moment later with what comes. */
  private boolean isWorthwhile() {
    if (executing == 0 || !accepting) {
      return true;
    }
    int ready = ready();
    return ready >= WORTHWHILE || ready + executing < COMPANY;
  }

  /**
   * Waits until there is something to do, and takes it: first what has waited longest.
   *
   * @return {@code null} when all is done and nothing more is accepted
   */
  @Nullable Load take() {
    lock.lock();
    try {
      Lane next = awaitWork();
      if (next == null) {
        return null;
      }
      Load load = new Load(new ArrayList<>(), new ArrayList<>());
      int enough = Math.min(Math.max(ENOUGH, ready() / size.committers()), size.batchMax());
      while (next != null && load.batch().size() < enough) {
        next.take(load.batch(), size.batchMax());
        load.lanes().add(next);
        next = longestWaiting();
      }
      executing += load.batch().size();
      if (next != null) {
        work.signal(); // there is more for somebody else
      }
      return load;
    } finally {
      lock.unlock();
    }
  }

  /** The lane to begin with, once it is time to; {@code null} when there is nothing more to do. */
  private @Nullable Lane awaitWork() {
    Lane next = longestWaiting();
    while (next == null ? accepting : !isWorthwhile()) {
      if (next == null) {
        work.awaitUninterruptibly();
      } else {
        long left = patience.toNanos() - next.waitedNanos();
        if (left <= 0) {
          break;
        }
        patient++;
        try {
          work.awaitNanos(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt(); // nobody does; it would be busy until time is up
        } finally {
          patient--;
        }
      }
      next = longestWaiting();
    }
    return next;
  }

  /** How many commands wait for somebody to take them. */
  private int ready() {
    int ready = 0;
    for (Lane lane : lanes) {
      if (lane.isReady()) {
        ready += lane.waiting();
      }
    }
    return ready;
  }

  private @Nullable Lane longestWaiting() {
    Lane longest = null;
    for (Lane lane : lanes) {
      if (lane.isReady() && (longest == null || lane.isBefore(longest))) {
        longest = lane;
      }
    }
    return longest;
  }

  /** Frees the lanes of a batch that is done. */
  void giveBack(Load load) {
    lock.lock();
    try {
      load.lanes().forEach(Lane::giveBack);
      executing -= load.batch().size();
      if (ready() > 0) {
        work.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many commands wait in all lanes. */
  int waiting() {
    lock.lock();
    try {
      return lanes.stream().mapToInt(Lane::waiting).sum();
    } finally {
      lock.unlock();
    }
  }

  /** Stops accepting, executes what was accepted, and returns when all of it is answered. */
  @Override
  public void close() {
    lock.lock();
    try {
      accepting = false;
      work.signalAll();
    } finally {
      lock.unlock();
    }
    committers.forEach(Committer::awaitEnd);
  }
}
