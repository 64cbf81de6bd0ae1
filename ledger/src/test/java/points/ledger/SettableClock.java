package points.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is told to move, in either direction. Thread-safe. */
public final class SettableClock implements InstantSource {
  /** Where it stands at first. */
  public static final Instant START = Instant.parse("2026-11-22T18:00:00Z");

  private volatile Instant now = START;

  @Override
  public Instant instant() {
    return now;
  }

  /** Moves to an instant. */
  public void set(Instant instant) {
    now = instant;
  }

  /** Moves by a duration. */
  public void advance(Duration by) {
    now = now.plus(by);
  }
}
