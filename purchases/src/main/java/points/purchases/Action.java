package points.purchases;

import java.util.Map;
import java.util.Set;

/**
 * Something a buyer can ask of a purchase. Immutable.
 *
 * @param name the last part of the path
 * @param moves from which states it leads where
 * @param done the states in which it has been done already
 */
public record Action(String name, Map<State, State> moves, Set<State> done) {

  /** The buyer means it: the points are charged for good. */
  public static final Action CONFIRM =
      new Action(
          "confirm", Map.of(State.RESERVED, State.CONFIRMING), Set.of(State.PAID, State.COMPLETED));

  /** The buyer changes their mind before confirming: the points are given back. */
  public static final Action CANCEL =
      new Action(
          "cancel",
          Map.of(State.RESERVED, State.CANCELLING),
          Set.of(State.CANCELLED, State.EXPIRED));

  /** What was bought has been used. */
  public static final Action COMPLETE =
      new Action("complete", Map.of(State.PAID, State.COMPLETED), Set.of(State.COMPLETED));

  /** The points are given back after they were charged. */
  public static final Action REFUND =
      new Action("refund", Map.of(State.PAID, State.REFUNDING), Set.of(State.REFUNDED));

  /** The points are given back, whether they were charged or not. */
  public static final Action CANCEL_OR_REFUND =
      new Action(
          "cancel",
          Map.of(State.RESERVED, State.CANCELLING, State.PAID, State.REFUNDING),
          Set.of(State.CANCELLED, State.EXPIRED, State.REFUNDED));

  /** Copies. */
  public Action {
    moves = Map.copyOf(moves);
    done = Set.copyOf(done);
  }
}
