package points.connect.rules;

import java.util.List;
import java.util.Set;

/** An expression of a rule that was checked against its event type. Immutable, thread-safe. */
interface Expression {

  /** As it is written, or tidied up. */
  String text();

  /** The fields of the event's data that it reads, in order. */
  List<String> fields();

  /** The fields whose presence it asks for. */
  Set<String> tested();

  /**
   * Its value: what it was checked to give.
   *
   * @throws ExpressionFailed if there is none for this event
   */
  Object evaluate(Values values) throws ExpressionFailed;

  /**
   * What an expression can read.
   *
   * @param event the event
   * @param index which of the reward's accounts it is about, from 0
   * @param count how many accounts the reward has
   */
  record Values(Event event, long index, long count) {
    static Values of(Event event) {
      return new Values(event, 0, 1);
    }
  }
}
