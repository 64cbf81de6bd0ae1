package points.kit;

import java.time.Duration;
import java.util.List;

/** Where events go. Used by one thread at a time. */
public interface EventSink extends AutoCloseable {

  /** What became of a delivery. */
  sealed interface Delivery {

    /** All of them have arrived for good. */
    record Arrived() implements Delivery {}

    /**
     * At least one of them will never be taken.
     *
     * @param reason for people
     */
    record Refused(String reason) implements Delivery {}

    /**
     * They may have arrived or not; they must be delivered again.
     *
     * @param reason for people
     * @param waitAtLeast what the receiver asks for
     */
    record Later(String reason, Duration waitAtLeast) implements Delivery {}
  }

  /** How many events it takes at once, at least 1. */
  int eventsMax();

  /**
   * Delivers events. Of one subject none may overtake another.
   *
   * @param events 1 to {@link #eventsMax}, in order
   */
  Delivery deliver(List<CloudEvent> events) throws InterruptedException;

  @Override
  void close();
}
