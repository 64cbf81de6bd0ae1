package points.trials.hostile;

import java.util.List;
import points.trials.Trial;

/** The trials of the hostile client. */
public final class Hostile {
  private Hostile() {}

  /** All of them. */
  public static List<Trial> trials() {
    return List.of(new Fuzz(), new Bytes(), new Matrix(), new Parsers());
  }
}
