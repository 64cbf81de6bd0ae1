package points.kit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many requests of each caller are in flight. Safe for use by many threads. */
final class SourceLimits {

  /** A member's app has no need of more, and members are many. */
  private static final int MEMBER_MAX = 16;

  private final int sourceMax;
  private final Map<String, Integer> inFlight = new ConcurrentHashMap<>();

  SourceLimits(int sourceMax) {
    this.sourceMax = sourceMax;
  }

  /** Counts a request in, or says no. */
  boolean tryEnter(Caller caller) {
    int max = caller.kind() == Caller.Kind.MEMBER ? Math.min(MEMBER_MAX, sourceMax) : sourceMax;
    int now = inFlight.merge(key(caller), 1, Integer::sum);
    if (now <= max) {
      return true;
    }
    leave(caller);
    return false;
  }

  /** Counts a request out. */
  void leave(Caller caller) {
    inFlight.computeIfPresent(key(caller), (key, count) -> count == 1 ? null : count - 1);
  }

  private static String key(Caller caller) {
    return caller.kind() == Caller.Kind.MEMBER
        ? caller.source() + ":" + caller.subject()
        : caller.source();
  }
}
