package points.purchases;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import points.client.HeldPoints;
import points.client.Operation;
import points.client.Outcome;

/** Calls of a process that dies, on order, right before or right after it has called Points. */
public final class CrashingCalls implements PointsCalls {

  /** Between which steps of a saga the process dies. */
  public enum When {
    /** The step is written down, Points has not been asked. */
    BEFORE,
    /** Points has done it, which has not been written down. */
    AFTER
  }

  private final PointsCalls calls;
  private final Runnable death;
  private volatile @Nullable Class<? extends Operation> operation;
  private volatile When when = When.BEFORE;

  /**
   * Calls through others.
   *
   * @param death what happens to the process; it must not return
   */
  public CrashingCalls(PointsCalls calls, Runnable death) {
    this.calls = calls;
    this.death = death;
  }

  /** Dies like a thread, so that one process can die many times. */
  public CrashingCalls(PointsCalls calls) {
    this(
        calls,
        () -> {
          throw new AssertionError("killed on order");
        });
  }

  /** Orders death at the next operation of this kind; null for none. */
  public void dieAt(@Nullable Class<? extends Operation> kind, When moment) {
    operation = kind;
    when = moment;
  }

  @Override
  public Outcome perform(Operation asked) {
    boolean dies = asked.getClass().equals(operation);
    if (dies && when == When.BEFORE) {
      death.run();
    }
    Outcome outcome = calls.perform(asked);
    if (dies) {
      death.run();
    }
    return outcome;
  }

  @Override
  public Optional<HeldPoints> holdById(UUID id) {
    return calls.holdById(id);
  }
}
