package points.trials;

import java.util.List;
import java.util.stream.Stream;
import points.trials.crowds.Crowds;
import points.trials.faults.Clocks;
import points.trials.faults.Disks;
import points.trials.faults.EventWay;
import points.trials.faults.Faults;
import points.trials.faults.Restore;
import points.trials.faults.Standbys;
import points.trials.hostile.Hostile;

/**
 * All there are, in the order in which they begin: the longest first, so that those that run side
 * by side end at about the same time.
 */
final class Trials {
  private Trials() {}

  static final List<Trial> ALL =
      Stream.<List<Trial>>of(
              EventWay.trials(),
              List.of(new Linearizable(Faults.brief())),
              Crowds.trials(),
              Faults.trials(),
              Disks.trials(),
              Standbys.trials(),
              List.of(Clocks.trial(), new Restore()),
              Hostile.trials())
          .flatMap(List::stream)
          .toList();
}
