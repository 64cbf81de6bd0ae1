package points.trials;

import java.util.List;
import java.util.stream.Stream;
import points.trials.crowds.Crowds;
import points.trials.faults.Clocks;
import points.trials.faults.Disks;
import points.trials.faults.Events;
import points.trials.faults.Faults;
import points.trials.faults.Restore;
import points.trials.faults.Standbys;
import points.trials.hostile.Hostile;

/** All there are, in the order in which they run. */
final class Trials {
  private Trials() {}

  static final List<Trial> ALL =
      Stream.of(
              Faults.trials(),
              Disks.trials(),
              Standbys.trials(),
              List.of(Clocks.trial(), new Events(), new Restore(), new Linearizable(Faults.brief())),
              Crowds.trials(),
              Hostile.trials())
          .flatMap(List::stream)
          .toList();
}
