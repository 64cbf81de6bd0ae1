package points.purchases;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** What a service sells, as far as the saga must know it. Safe for use by many threads. */
public interface Goods {

  /** What a purchase is called: begins external ids, events' subjects and the id's field. */
  String aggregate();

  /** What the thing that is sold is called: begins its id's field. */
  String item();

  /** The reason that Points is told. */
  String reason();

  /** How purchases go. */
  Machine machine();

  /** How long points are held for a purchase; whole seconds. */
  Duration holdTime();

  /**
   * Called in the very transaction in which the purchase enters its state, its row being locked: to
   * take and give back stock, to write events. What it throws undoes the step; a {@link
   * points.kit.ProblemException} on {@code reserving} is what the buyer is told.
   */
  void entered(Connection transaction, Purchase purchase) throws SQLException;

  /** Adds what only this service knows to what a purchase is shown as. */
  void describe(Purchase purchase, ObjectNode body) throws SQLException;
}
