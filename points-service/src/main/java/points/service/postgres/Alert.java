package points.service.postgres;

import java.time.Duration;

/** On for some time after something has happened, as it may happen again. Thread-safe. */
final class Alert {
  private final long nanos;
  private volatile long until = System.nanoTime();

  /** Off; once raised, on for so long. */
  Alert(Duration time) {
    nanos = time.toNanos();
  }

  void raise() {
    until = System.nanoTime() + nanos;
  }

  boolean isOn() {
    return System.nanoTime() - until < 0;
  }
}
