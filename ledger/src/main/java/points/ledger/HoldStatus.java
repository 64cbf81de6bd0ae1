package points.ledger;

import java.util.Locale;

/** The states of a hold; {@link Transitions} says what leads from one to the other. */
public enum HoldStatus {
  /** Points are set aside. */
  ACTIVE,
  /** Ended by a capture. */
  CAPTURED,
  /** Ended by a release. */
  RELEASED,
  /** Ended because its time was up. */
  EXPIRED;

  private final String wire = name().toLowerCase(Locale.ROOT);

  /** The name in JSON and SQL. */
  public String wire() {
    return wire;
  }

  /**
   * The state of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static HoldStatus of(String wire) {
    return valueOf(wire.toUpperCase(Locale.ROOT));
  }
}
