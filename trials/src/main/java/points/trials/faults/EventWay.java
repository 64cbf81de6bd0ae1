package points.trials.faults;

import java.util.List;
import points.trials.Trial;

/** The trials of events on their way from a service to everybody's points. */
public final class EventWay {
  private EventWay() {}

  /** By Kafka, and by HTTP. */
  public static List<Trial> trials() {
    return List.of(new BrokerTrial(), new Events());
  }
}
