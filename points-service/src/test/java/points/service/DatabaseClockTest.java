package points.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import points.service.DatabaseClock.Reading;

/** Which of two readings of the database's clock is believed. */
class DatabaseClockTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final long SECOND = 1_000_000_000;
  private static final long MILLI = 1_000_000;

  private final Reading good = new Reading(NOON, 0, MILLI);

  private static Reading after(long nanos, long offNanos, long doubtNanos) {
    return new Reading(NOON.plusNanos(nanos + offNanos), nanos, doubtNanos);
  }

  @Test
  void aSlowReadingThatAgreesIsPassedOver() {
    assertThat(good.orBetter(after(SECOND, 60 * MILLI, 80 * MILLI))).isSameAs(good);
    assertThat(good.orBetter(after(SECOND, -60 * MILLI, 80 * MILLI))).isSameAs(good);
  }

  @Test
  void aQuickerReadingIsTaken() {
    Reading quick = after(SECOND, MILLI / 2, MILLI / 4);
    assertThat(good.orBetter(quick)).isSameAs(quick);
  }

  @Test
  void aReadingThatCannotBeSoUnlessTheClockWasSetIsTaken() {
    Reading ahead = after(SECOND, 90 * MILLI, 80 * MILLI);
    assertThat(good.orBetter(ahead)).isSameAs(ahead);
    Reading back = after(SECOND, -3600 * SECOND, 80 * MILLI);
    assertThat(good.orBetter(back)).isSameAs(back);
  }

  @Test
  void anOldReadingIsInMoreDoubtAsClocksDriftApart() {
    Reading late = after(3600 * SECOND, 0, 80 * MILLI);
    assertThat(good.orBetter(late)).isSameAs(late);
  }
}
