package points.client;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A stretch of the stream of all transactions, in commit order and without gaps. Immutable.
 *
 * @param events in order; empty where there is nothing new
 * @param next what to ask for next, {@code after} this stretch; keep it with what was made of it
 */
public record EventPage(List<Event> events, String next) {

  /**
   * One transaction as an event.
   *
   * @param id the transaction's
   * @param type {@code points.transaction.credit} and so on
   * @param account whose it is
   * @param time when it was made
   * @param position its place in the stream, opaque
   * @param transaction what happened
   */
  public record Event(
      UUID id,
      String type,
      String account,
      Instant time,
      String position,
      Transaction transaction) {}

  /** Copies the events. */
  public EventPage {
    events = List.copyOf(events);
  }
}
