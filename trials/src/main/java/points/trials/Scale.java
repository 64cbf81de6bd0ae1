package points.trials;

/** How much is done. */
public enum Scale {
  /** All trials together in minutes, as in CI. */
  QUICK,
  /** A trial that is run for itself. */
  NORMAL,
  /** Before a release. */
  RELEASE;

  /** The number for this scale. */
  public int of(int quick, int normal, int release) {
    return switch (this) {
      case QUICK -> quick;
      case NORMAL -> normal;
      case RELEASE -> release;
    };
  }
}
