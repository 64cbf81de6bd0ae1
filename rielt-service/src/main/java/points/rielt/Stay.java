package points.rielt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/**
 * From which day to which somebody stays. Immutable.
 *
 * @param from the day of arrival
 * @param to the day of departure, free for the next to arrive
 */
record Stay(LocalDate from, LocalDate to) {

  /** The stay that a request is for. */
  static Stay of(JsonNode request) {
    return new Stay(
        LocalDate.parse(request.get("from").asText()), LocalDate.parse(request.get("to").asText()));
  }

  /** Writes it where {@link #of} finds it. */
  void put(ObjectNode body) {
    body.put("from", from.toString());
    body.put("to", to.toString());
  }

  long nights() {
    return ChronoUnit.DAYS.between(from, to);
  }
}
