package points.allinone;

/** A little time between two looks at another process. */
final class Pause {
  private static final long MILLIS = 50;

  private Pause() {}

  /** Waits a moment; an interruption ends the waiting at large. */
  static void shortly() {
    try {
      Thread.sleep(MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting", e);
    }
  }
}
