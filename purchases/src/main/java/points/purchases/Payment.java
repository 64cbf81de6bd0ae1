package points.purchases;

import java.util.Locale;

/** How something is paid. */
public enum Payment {
  /** The points are set aside, and charged once the purchase is confirmed. */
  HOLD,
  /** The points are charged at once. */
  DEBIT;

  /** The name in the database and in answers. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
