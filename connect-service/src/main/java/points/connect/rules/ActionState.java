package points.connect.rules;

import java.util.Locale;

/** What has become of a RewardAction; see {@link ActionTransitions}. */
public enum ActionState {
  PENDING,
  CREDITED,
  REFUSED,
  DEAD,
  REVERSED;

  /** The name on the wire and in the database. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
