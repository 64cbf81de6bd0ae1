package points.connect.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may happen to a RewardAction. The same table is in {@code docs/reference/connect-states.md}
 * and in the constraints of the database; a test compares the three.
 */
public final class ActionTransitions {

  /**
   * One row.
   *
   * @param from null for an action that did not exist
   * @param change what happens
   * @param to the state after it
   */
  public record Transition(@Nullable ActionState from, String change, ActionState to) {}

  /** All of them. */
  public static final List<Transition> ALL =
      List.of(
          new Transition(null, "decide", ActionState.PENDING),
          new Transition(null, "decide", ActionState.REFUSED),
          new Transition(ActionState.PENDING, "credit", ActionState.CREDITED),
          new Transition(ActionState.PENDING, "refuse", ActionState.REFUSED),
          new Transition(ActionState.PENDING, "give_up", ActionState.DEAD),
          new Transition(ActionState.REFUSED, "retry", ActionState.PENDING),
          new Transition(ActionState.DEAD, "retry", ActionState.PENDING),
          new Transition(ActionState.CREDITED, "reverse", ActionState.REVERSED));

  private ActionTransitions() {}
}
