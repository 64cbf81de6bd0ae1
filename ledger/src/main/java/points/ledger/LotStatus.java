package points.ledger;

import java.util.Locale;

/** The states of a lot; {@link Transitions} says what leads from one to the other. */
public enum LotStatus {
  /** Credited, not yet available. */
  PENDING,
  /** Its points can be spent until they expire. */
  OPEN,
  /** Became available without an expiry, so its points joined those that never expire. */
  MERGED,
  /** What remained at its expiry was taken away. */
  EXPIRED,
  /** Taken back whole while it was still pending. */
  REVERSED;

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
  public static LotStatus of(String wire) {
    return valueOf(wire.toUpperCase(Locale.ROOT));
  }
}
