package points.connect.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import points.connect.rules.Event;

/**
 * An event that has come in: its envelope is good, its data may not be. Immutable.
 *
 * @param source as in its envelope
 * @param id as in its envelope
 * @param type as in its envelope
 * @param time as in its envelope; when it came in where that has none
 * @param body all of it as JSON, keys sorted, each number written in one way
 * @param hash SHA-256 of {@code body}, 64 hexadecimal digits
 * @param facts what rules see; null where the data will not do
 * @param misfit why it cannot be decided, such as data that will not do; null where it can
 */
public record IncomingEvent(
    String source,
    String id,
    String type,
    Instant time,
    String body,
    String hash,
    @Nullable Event facts,
    @Nullable String misfit) {

  public IncomingEvent {
    if ((facts == null) == (misfit == null)) {
      throw new IllegalArgumentException("an event fits or has a reason why not");
    }
  }

  /** The same event, to be kept but not decided, for this reason. */
  public IncomingEvent undecided(String reason) {
    return new IncomingEvent(source, id, type, time, body, hash, null, reason);
  }
}
