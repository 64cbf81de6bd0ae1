package points.connect.rules;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Events of a type as they could come, with and without what may be absent, the same ones every
 * time. What fails on each of them is taken to fail always.
 */
final class Samples {
  private static final int COUNT = 100;
  private static final long SEED = 20261122;
  private static final long[] INTEGERS = {
    0, 1, 2, 3, 7, 10, 99, 100, 1_000, 12_345, 1_000_000, 1_000_000_000_000L
  };
  private static final int[] SIZES = {0, 1, 2, 3, 10};
  private static final String[] TIMES = {
    "2026-01-01T00:00:00Z", "2026-07-15T12:30:00Z", "2026-11-29T23:59:59Z"
  };

  /** What is to be tried. */
  interface Attempt {
    /** Does it on one event. */
    void on(Expression.Values values) throws ExpressionFailed;
  }

  private final List<Event> events = new ArrayList<>();

  Samples(EventType type) {
    RandomGenerator random = new SplittableRandom(SEED);
    for (int i = 0; i < COUNT; i++) {
      events.add(event(type, random, i));
    }
  }

  private static Event event(EventType type, RandomGenerator random, int number) {
    Map<String, Object> data = new HashMap<>();
    for (String field : type.names()) {
      // The first has everything, the second what it must have.
      boolean absent = number == 1 || (number > 1 && random.nextInt(3) == 0);
      if (type.required().contains(field) || !absent) {
        data.put(field, value(type, field, random));
      }
    }
    Instant time = Instant.parse(TIMES[random.nextInt(TIMES.length)]);
    return new Event("source", Integer.toString(number), type.name(), time, data);
  }

  private static Object value(EventType type, String field, RandomGenerator random) {
    return switch (type.fields().get(field)) {
      case TEXT -> text(type, field, random);
      case INTEGER -> integer(random);
      case FLAG -> random.nextBoolean();
      case TEXT_LIST -> list(type, random).stream().map(i -> text(type, field, random)).toList();
      case INTEGER_LIST -> list(type, random).stream().map(i -> integer(random)).toList();
      case null -> throw new IllegalArgumentException("no field " + field);
    };
  }

  private static Object text(EventType type, String field, RandomGenerator random) {
    List<String> texts = type.texts().getOrDefault(field, List.of("x"));
    return texts.isEmpty() ? "x" : texts.get(random.nextInt(texts.size()));
  }

  private static Object integer(RandomGenerator random) {
    return INTEGERS[random.nextInt(INTEGERS.length)];
  }

  private static List<Integer> list(EventType type, RandomGenerator random) {
    int size = random.nextInt(8) == 0 ? type.itemsMax() : SIZES[random.nextInt(SIZES.length)];
    List<Integer> items = new ArrayList<>();
    for (int i = 0; i < Math.min(size, type.itemsMax()); i++) {
      items.add(i);
    }
    return items;
  }

  /** How something fails that fails on all of them; null where it succeeds on one. */
  @Nullable String failure(Attempt attempt) {
    String first = null;
    for (int i = 0; i < events.size(); i++) {
      int count = 1 + i % 3;
      try {
        attempt.on(new Expression.Values(events.get(i), i % count, count));
        return null;
      } catch (ExpressionFailed e) {
        first = first == null ? e.getMessage() : first;
      }
    }
    return first;
  }
}
