package points.service;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import points.ledger.Operation;

/**
 * The commands that wait for a share of the accounts, in the order in which they came. While a
 * batch with some of them is under way the lane is taken, so an account is never in two batches at
 * a time. Guarded by the lock of {@link Lanes}.
 */
final class Lane {
  /** In overload the rest of a lane is for those who finish what was begun. */
  private static final double SHARE_OF_BEGINNERS = 0.8;

  private final Lanes.Size size;
  private final Queue<Waiting> queue = new ArrayDeque<>();
  private boolean taken;

  Lane(Lanes.Size size) {
    this.size = size;
  }

  /** Takes a command in, unless too many are waiting. */
  boolean offer(Waiting waiting) {
    if (queue.size() >= size.queueMax() || (isCrowded() && !isFinishing(waiting))) {
      return false;
    }
    return queue.add(waiting);
  }

  /** Whether the lane is nearly full, or its first has waited for too long already. */
  private boolean isCrowded() {
    Waiting oldest = queue.peek();
    return oldest != null
        && (queue.size() >= size.queueMax() * SHARE_OF_BEGINNERS
            || System.nanoTime() - oldest.sinceNanos() > size.delayMax().toNanos());
  }

  /** Captures and releases give back what is held; to refuse them would only make things worse. */
  private static boolean isFinishing(Waiting waiting) {
    return waiting.command().operation() instanceof Operation.OnHold;
  }

  int waiting() {
    return queue.size();
  }

  /** Whether there is something to do that nobody is doing. */
  boolean isReady() {
    return !taken && !queue.isEmpty();
  }

  /** How long its first has waited; it is {@link #isReady ready}. */
  long waitedNanos() {
    return System.nanoTime() - queue.element().sinceNanos();
  }

  /** Whether its first has waited longer than the other's; both are {@link #isReady ready}. */
  boolean isBefore(Lane other) {
    return queue.element().sinceNanos() - other.queue.element().sinceNanos() < 0;
  }

  /** Moves what is waiting to {@code batch}, until that has {@code max}; to be given back. */
  void take(List<Waiting> batch, int max) {
    taken = true;
    while (batch.size() < max && !queue.isEmpty()) {
      batch.add(queue.remove());
    }
  }

  void giveBack() {
    taken = false;
  }
}
