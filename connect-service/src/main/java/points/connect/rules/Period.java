package points.connect.rules;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/** How often a limit starts anew: at midnight UTC, on Mondays, on the first of a month, never. */
public enum Period {
  DAY,
  WEEK,
  MONTH,
  EVER;

  private static final LocalDate BEGINNING = LocalDate.EPOCH;

  /** The day on which the period began that this instant lies in; 1970-01-01 for {@code EVER}. */
  public LocalDate startOf(Instant time) {
    LocalDate day = LocalDate.ofInstant(time, ZoneOffset.UTC);
    return switch (this) {
      case DAY -> day;
      case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTH -> day.withDayOfMonth(1);
      case EVER -> BEGINNING;
    };
  }

  /** The name in rules, in lower case. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
