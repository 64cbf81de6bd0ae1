package points.purchases;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which states a service's purchases have, and how they come from one to another. The same table is
 * in the service's page under {@code docs/integrations} and in the CHECK constraint of its
 * database; a test compares the three. Immutable.
 *
 * @param transitions in the order of a purchase's life
 */
public record Machine(List<Transition> transitions) {

  /**
   * One step.
   *
   * @param from null for the beginning
   * @param why what makes it happen, for people
   */
  public record Transition(@Nullable State from, String why, State to) {

    /** The step as the CHECK constraint has it, for example {@code reserving>reserved}. */
    public String check() {
      return (from == null ? "" : from.wire()) + ">" + to.wire();
    }
  }

  /** What every purchase has. */
  public static final Machine BASIC =
      new Machine(
          List.of(
              new Transition(null, "bought", State.RESERVING),
              new Transition(State.RESERVING, "Points holds or debits", State.RESERVED),
              new Transition(State.RESERVING, "Points refuses", State.REFUSED),
              new Transition(State.RESERVED, "`confirm`", State.CONFIRMING),
              new Transition(State.RESERVED, "`cancel`", State.CANCELLING),
              new Transition(State.RESERVED, "the hold ends", State.EXPIRED),
              new Transition(State.CONFIRMING, "Points captures", State.PAID),
              new Transition(State.CONFIRMING, "Points refuses", State.RESERVED),
              new Transition(State.CONFIRMING, "the hold has ended", State.EXPIRED),
              new Transition(State.CANCELLING, "Points releases or refunds", State.CANCELLED)));

  /** A basic one whose purchases are used once they are paid. */
  public static final Machine WITH_COMPLETION =
      BASIC.with(new Transition(State.PAID, "`complete`", State.COMPLETED));

  /**
   * A basic one whose purchases can be given back once they are paid.
   *
   * @param verb the call that does it
   */
  public static Machine withRefund(String verb) {
    return BASIC.with(
        new Transition(State.PAID, "`" + verb + "`", State.REFUNDING),
        new Transition(State.REFUNDING, "Points refunds", State.REFUNDED));
  }

  /** Copies the list. */
  public Machine {
    transitions = List.copyOf(transitions);
  }

  private Machine with(Transition... more) {
    return new Machine(Stream.concat(transitions.stream(), Stream.of(more)).toList());
  }

  /** The steps as the CHECK constraint has them, sorted. */
  public Set<String> checks() {
    Set<String> checks = new TreeSet<>();
    transitions.forEach(step -> checks.add(step.check()));
    return checks;
  }

  /** The table for the documentation; ends with a line feed. */
  public String markdown() {
    StringBuilder table = new StringBuilder("| from | when | to |\n| --- | --- | --- |\n");
    for (Transition step : transitions) {
      String from = step.from() == null ? "–" : "`" + step.from().wire() + "`";
      table.append("| " + from + " | " + step.why() + " | `" + step.to().wire() + "` |\n");
    }
    return table.toString();
  }
}
