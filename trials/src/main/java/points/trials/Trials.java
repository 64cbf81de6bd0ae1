package points.trials;

import java.util.List;
import java.util.stream.Stream;
import points.trials.faults.Faults;

/** All there are, in the order in which they run. */
final class Trials {
  private Trials() {}

  static final List<Trial> ALL = Stream.of(Faults.trials()).flatMap(List::stream).toList();
}
