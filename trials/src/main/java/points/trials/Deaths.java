package points.trials;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Hears of threads that end by an exception which nobody waits for: what they were to try is left
 * in peace from then on, so nothing has held. Thread-safe.
 */
final class Deaths {
  private final List<Throwable> causes = new CopyOnWriteArrayList<>();

  private Deaths() {}

  /** Listens from now on, for this whole process. */
  static Deaths listen() {
    Deaths deaths = new Deaths();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, cause) -> {
          deaths.causes.add(cause);
          cause.printStackTrace(); // the trial may fail by something else before it is asked
        });
    return deaths;
  }

  /** How many there have been. */
  int count() {
    return causes.size();
  }

  /**
   * Of trials side by side it may be any one's thread, so this fails all of them.
   *
   * @throws AssertionError if there have been more than {@code before}, with the first cause
   */
  void requireNoneSince(int before) {
    if (causes.size() > before) {
      throw new AssertionError("a thread of the trials died", causes.get(before));
    }
  }
}
