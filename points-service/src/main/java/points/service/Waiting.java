package points.service;

import java.util.concurrent.CompletableFuture;
import points.ledger.Command;
import points.ledger.Outcome;

/**
 * A command on its way through a lane.
 *
 * @param outcome completed when the command is decided and durable, or will not be
 * @param sinceNanos when it came, by {@link System#nanoTime}
 */
record Waiting(Command command, CompletableFuture<Outcome> outcome, long sinceNanos) {
  static Waiting of(Command command) {
    return new Waiting(command, new CompletableFuture<>(), System.nanoTime());
  }

  void refuse(String why) {
    outcome.completeExceptionally(new Lanes.Overloaded(why));
  }
}
