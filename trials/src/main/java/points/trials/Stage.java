package points.trials;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Where a trial takes place.
 *
 * @param folder for what it writes; its own, kept if the trial fails
 * @param programs PostgreSQL's programs, unpacked once for all trials
 * @param seed decides everything that chance decides
 */
public record Stage(Path folder, Programs programs, long seed, Scale scale, PrintStream terminal) {
  /** A new generator from the seed: the same numbers every time. */
  public SplittableRandom random() {
    return new SplittableRandom(seed);
  }

  /** Says how far it has come. */
  public void say(String format, Object... arguments) {
    terminal.printf("    " + format + "%n", arguments);
    terminal.flush();
  }
}
