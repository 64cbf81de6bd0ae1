package points.ledger;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A ledger: decides commands and keeps what it decided. Thread-safe. What {@link #execute} returns
 * is durable to the degree that the implementation is: of the PostgreSQL ledger, on disk.
 */
public interface Ledger {
  /**
   * Decides the commands one after the other, each on its own: none fails another.
   *
   * @return their outcomes, in the same order
   */
  List<Outcome> execute(List<Command> commands);

  /**
   * The outcome of a repeat, if it is at hand: the one that {@link #execute} would return, and as
   * durable. Never waits.
   *
   * @return {@code null} if the command has to be executed to know
   */
  default @Nullable Outcome recall(Command command) {
    return null;
  }

  /** The account; {@link Account#empty} if it has never moved. */
  Account account(AccountId id);

  /** The hold, or {@code null}. */
  @Nullable Hold hold(UUID id);

  /** The account's lots, oldest first. */
  List<Lot> lots(AccountId id);

  /** All transactions of an account, oldest first. */
  List<Transaction> history(AccountId id);

  /** What is remembered under the key, or {@code null}. */
  @Nullable Recorded recorded(ExternalKey key);

  /**
   * The service's own operations whose time has come: holds and lots to expire, credits to
   * activate. Those of frozen accounts wait.
   *
   * @param limit how many at most of each kind
   */
  List<Command> due(int limit);

  /** Freezes or unfreezes an account that has moved. */
  void freeze(AccountId id, boolean frozen);
}
