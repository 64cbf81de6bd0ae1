package points.service;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import points.ledger.Command;
import points.ledger.Ledger;
import points.ledger.Outcome;

/**
 * Group commit: commands are handed to a few lanes, and a lane executes whatever is waiting as one
 * batch, so that the cost of a commit is shared and a hot account is written once a batch. An
 * account always falls into the same lane. Thread-safe.
 */
public final class Lanes implements AutoCloseable {
  /**
   * The size of the lanes.
   *
   * @param count how many, 1 or more
   * @param queueMax how many commands may wait in each; one more is refused
   * @param batchMax how many are executed at once
   * @param waitMax how long a command may wait before it is refused unexecuted
   * @param delayMax how long the first in a queue may have waited; while it is longer, further
   *     commands are refused at once, but captures and releases are taken all the same
   */
  public record Size(int count, int queueMax, int batchMax, Duration waitMax, Duration delayMax) {}

  /** The command was not executed because too many are waiting; nothing was done. */
  public static final class Overloaded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Overloaded(String message) {
      super(message, null, false, false);
    }
  }

  private final List<Lane> lanes = new ArrayList<>();

  /** Starts the lanes in front of {@code ledger}. */
  public Lanes(Ledger ledger, Size size, MeterRegistry metrics) {
    LaneMetrics laneMetrics = new LaneMetrics(metrics);
    for (int i = 0; i < size.count(); i++) {
      lanes.add(new Lane("lane-" + i, ledger, size, laneMetrics));
    }
    laneMetrics.watchQueues(lanes);
  }

  /**
   * Hands a command to its lane.
   *
   * @return the outcome, once it is durable; fails with {@link Overloaded} if it was not executed,
   *     or with what the ledger threw
   */
  public CompletableFuture<Outcome> submit(Command command) {
    return laneOf(command).submit(command);
  }

  /**
   * Hands over commands that came together and are to be decided in their order. Those of one
   * account are in any case; where two share a key their order matters too, so then all go into one
   * lane.
   */
  public List<CompletableFuture<Outcome>> submit(List<Command> commands) {
    boolean distinct = commands.stream().map(Command::key).distinct().count() == commands.size();
    List<CompletableFuture<Outcome>> outcomes = new ArrayList<>(commands.size());
    for (Command command : commands) {
      Lane lane = laneOf(distinct ? command : commands.getFirst());
      outcomes.add(lane.submit(command));
    }
    return outcomes;
  }

  private Lane laneOf(Command command) {
    return lanes.get(command.operation().bucket() % lanes.size());
  }

  /** Stops accepting, executes what was accepted, and returns when all of it is answered. */
  @Override
  public void close() {
    lanes.forEach(Lane::stopAccepting);
    lanes.forEach(Lane::awaitEnd);
  }
}
