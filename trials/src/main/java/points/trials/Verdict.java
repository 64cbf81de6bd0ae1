package points.trials;

import java.util.Map;

/** What came of a trial that did not fail. */
public sealed interface Verdict {
  /**
   * The promise held.
   *
   * @param figures what was done to it, in order: {@code operations}, {@code kills}, …
   */
  record Held(Map<String, Long> figures) implements Verdict {}

  /**
   * It could not be tried here. That is not a pass.
   *
   * @param why what is missing, and what to install
   */
  record Skipped(String why) implements Verdict {}
}
