package points.trials.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The newest ids and cursors that answers had, by their names, so that further calls are about
 * things that exist. Thread-safe.
 */
final class Seen {
  private static final int KEPT = 64;
  private static final int LENGTH_MAX = 200;

  private static final class Ring {
    final AtomicReferenceArray<@Nullable String> values = new AtomicReferenceArray<>(KEPT);
    final AtomicLong count = new AtomicLong();
  }

  private final Map<String, Ring> byName = new ConcurrentHashMap<>();

  /** Keeps what an answer has to offer. */
  void keep(JsonNode answer) {
    for (var member : answer.properties()) {
      String name = member.getKey();
      if (member.getValue().isValueNode() && isOfUse(name)) {
        keep(name, member.getValue().asText());
      }
      keep(member.getValue());
    }
    for (int i = 0; answer.isArray() && i < Math.min(answer.size(), KEPT); i++) {
      keep(answer.path(i));
    }
  }

  private static boolean isOfUse(String name) {
    return name.endsWith("_id") || name.startsWith("next") || name.equals("code");
  }

  private void keep(String name, String value) {
    if (!value.isEmpty() && value.length() <= LENGTH_MAX) {
      Ring ring = byName.computeIfAbsent(name, n -> new Ring());
      ring.values.set((int) (ring.count.getAndIncrement() % KEPT), value);
    }
  }

  /** One of the newest of that name, or {@code null} if there is none. */
  @Nullable String any(String name, SplittableRandom random) {
    Ring ring = byName.get(name);
    if (ring == null) {
      return null;
    }
    return ring.values.get(random.nextInt((int) Math.min(ring.count.get(), KEPT)));
  }
}
