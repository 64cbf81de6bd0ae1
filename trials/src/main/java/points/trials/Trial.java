package points.trials;

/** One promise put to the test. */
public interface Trial {
  /** What it is called on the command line, such as {@code kill-postgres}. */
  String name();

  /** The promise, in one line. */
  String promise();

  /** Whether what it measures would be the other's doing if another ran beside it. */
  default boolean alone() {
    return false;
  }

  /**
   * Puts it to the test. Whatever it starts has ended when this returns.
   *
   * @throws Exception or an {@link AssertionError}: the trial has failed
   */
  Verdict run(Stage stage) throws Exception;
}
