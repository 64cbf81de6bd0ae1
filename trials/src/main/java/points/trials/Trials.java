package points.trials;

import java.util.List;

/** All there are, in the order in which they run. */
final class Trials {
  private Trials() {}

  static final List<Trial> ALL = List.of();
}
