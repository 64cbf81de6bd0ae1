package points.referral;

import java.util.Locale;
import java.util.Set;

/** How far a member rose. */
enum Status {
  BASIC,
  VIP,
  PRO;

  /** From which one rises to this. */
  Set<Status> from() {
    return switch (this) {
      case BASIC -> Set.of();
      case VIP -> Set.of(BASIC);
      case PRO -> Set.of(BASIC, VIP);
    };
  }

  /** The name in the database, in answers and in documentation. */
  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Status of(String wire) {
    return valueOf(wire.toUpperCase(Locale.ROOT));
  }
}
