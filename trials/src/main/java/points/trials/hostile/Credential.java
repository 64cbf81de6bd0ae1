package points.trials.hostile;

import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Something to show at the door.
 *
 * @param name for people
 * @param header the value of {@code Authorization}; null for none
 * @param granted what it must let its bearer do at a service; null where it is no credential
 */
record Credential(
    String name, @Nullable String header, @Nullable Function<Target, Set<String>> granted) {

  /** One that is none. */
  static Credential bad(String name, String token) {
    return new Credential(name, "Bearer " + token, null);
  }

  /** One that lets its bearer do this, wherever the service knows of it. */
  static Credential good(String name, String token, Function<Target, Set<String>> granted) {
    return new Credential(name, "Bearer " + token, granted);
  }

  /** The status with which an operation of this permission must be refused; 0 if it must not be. */
  int refusal(Target target, String permission) {
    if (permission.equals("anyone")) {
      return 0;
    }
    if (granted == null) {
      return 401;
    }
    return Target.allows(granted.apply(target), permission) ? 0 : 403;
  }
}
