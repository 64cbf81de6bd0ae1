package points.trials;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The newest of many things, any of which can be had. Thread-safe. */
final class Recent<T> {
  private final AtomicReferenceArray<@Nullable T> ring;
  private final AtomicLong count = new AtomicLong();

  Recent(int size) {
    ring = new AtomicReferenceArray<>(size);
  }

  void add(T thing) {
    ring.set((int) (count.getAndIncrement() % ring.length()), thing);
  }

  /** Any of them, or {@code null} if there is none yet. */
  @Nullable T any(SplittableRandom random) {
    long there = Math.min(count.get(), ring.length());
    return there == 0 ? null : ring.get(random.nextInt((int) there));
  }
}
