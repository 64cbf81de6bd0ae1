package points.connect.rules;

import java.util.List;

/** An expression of a rule that was checked against its event type. Immutable, thread-safe. */
interface Expression {

  /** As it is written, or tidied up. */
  String text();

  /**
   * What it reads or asks for, in order: fields of the event's data by their own names, {@code
   * event_id}, {@code event_source} and {@code event_time}.
   */
  List<String> reads();

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
