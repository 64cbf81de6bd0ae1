package points.ledger;

import java.util.Locale;

/** What an operation does; also the type of the transaction that it makes. */
public enum Verb {
  /** Gives points to an account. */
  CREDIT,
  /** Takes points from an account for good. */
  DEBIT,
  /** Sets points aside until they are captured, released or the hold expires. */
  HOLD,
  /** Takes points that were on hold for good. */
  CAPTURE,
  /** Ends a hold and gives back what remains of it. */
  RELEASE,
  /** Gives back points that were debited or captured. */
  REFUND,
  /** Takes a credit back. */
  REVERSE,
  /** The service's own: ends a hold whose time is up. */
  EXPIRE_HOLD,
  /** The service's own: a pending credit becomes available. */
  ACTIVATE,
  /** The service's own: points whose time is up are taken away. */
  EXPIRE_LOT,
  /** An operator's correction, made by one and approved by another. */
  ADJUST;

  private final String wire = name().toLowerCase(Locale.ROOT);

  /** The name in JSON, SQL, metrics and logs, in lower case. */
  public String wire() {
    return wire;
  }

  /**
   * The verb of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Verb of(String wire) {
    return valueOf(wire.toUpperCase(Locale.ROOT));
  }
}
