package points.connect.rules;

import java.time.Instant;
import java.util.Map;

/**
 * An event as rules see it. Immutable.
 *
 * @param source where it comes from, unique together with {@code id}
 * @param id its own
 * @param type the name of its {@link EventType}
 * @param time when it happened; decides which revisions, limits and windows count
 * @param data its fields: strings, {@code Long}, {@code Boolean} and lists of these
 */
public record Event(String source, String id, String type, Instant time, Map<String, Object> data) {

  public Event {
    data = Map.copyOf(data);
  }
}
