package points.purchases;

import java.util.Locale;

/** Where a purchase is. */
public enum State {
  /** Written down; Points is to be asked for the points. */
  RESERVING(true),
  /** Points says no. */
  REFUSED(false),
  /** The points are on hold, or debited. */
  RESERVED(false),
  /** The buyer's confirmation is written down; the hold is to be captured. */
  CONFIRMING(true),
  /** The points are charged for good. */
  PAID(false),
  /** What was bought has been used. */
  COMPLETED(false),
  /** The cancellation is written down; the points are to be given back. */
  CANCELLING(true),
  /** The points were given back before the purchase was confirmed. */
  CANCELLED(false),
  /** The hold ended before the purchase was confirmed, which gave the points back. */
  EXPIRED(false),
  /** The refund is written down; the points are to be given back. */
  REFUNDING(true),
  /** The points were given back after the purchase was paid. */
  REFUNDED(false);

  private final boolean open;

  State(boolean open) {
    this.open = open;
  }

  /** Whether Points has yet to answer. */
  public boolean isOpen() {
    return open;
  }

  /** The name in the database, in answers and in documentation. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  static State of(String wire) {
    return valueOf(wire.toUpperCase(Locale.ROOT));
  }
}
