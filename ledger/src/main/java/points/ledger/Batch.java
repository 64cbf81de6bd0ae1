package points.ledger;

import java.time.Instant;

/**
 * Decides commands one after the other: a pure function of the books, the commands and the time. It
 * reads no clock and writes nothing; what it decided is in {@link #changes()}. Not thread-safe.
 *
 * <p>The order of the checks is that of the HTTP contract: idempotency, existence, ownership, hold
 * state, account state, amounts.
 */
public final class Batch {
  private final State state;
  private final Charges charges;
  private final Credits credits;

  /** A batch that starts from {@code books}. */
  public Batch(Books books, Ids ids, Limits limits) {
    state = new State(books);
    Desk desk = new Desk(state, ids);
    charges = new Charges(desk);
    credits = new Credits(desk, limits);
  }

  /**
   * Decides one command.
   *
   * @param now the ledger's time; an account whose newest transaction is later keeps that time
   * @throws LotsMissing if the books left out lots that are needed; the batch is void then
   */
  public Outcome decide(Command command, Instant now) {
    Recorded before = state.recorded(command.key());
    if (before != null) {
      return Outcome.ofRepeat(command, before);
    }
    return switch (command.operation()) {
      case Operation.Credit credit -> credits.credit(command, credit, now);
      case Operation.Reverse reverse -> credits.reverse(command, reverse, now);
      case Operation.Adjust adjust -> credits.adjust(command, adjust, now);
      case Operation.Activate activate -> credits.activate(command, activate, now);
      case Operation.ExpireLot expire -> credits.expire(command, expire, now);
      case Operation.Debit debit -> charges.debit(command, debit, now);
      case Operation.PlaceHold hold -> charges.hold(command, hold, now);
      case Operation.Capture capture -> charges.capture(command, capture, now);
      case Operation.Release release -> charges.release(command, release, now);
      case Operation.ExpireHold expire -> charges.expire(command, expire, now);
      case Operation.Refund refund -> charges.refund(command, refund, now);
    };
  }

  /** All that has been decided so far. */
  public Changes changes() {
    return state.changes();
  }
}
