package points.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a caller says they can read: the header {@code Accept} (RFC 9110, 12.5.1). Immutable.
 *
 * @param ranges as they were sent
 */
record Accepted(List<Range> ranges) {

  /** A media range like {@code text/*} and how much it is wanted, from 0 (not at all) to 1. */
  record Range(String type, double quality) {}

  Accepted {
    ranges = List.copyOf(ranges);
  }

  /** What this header says; where there is none, or it makes no sense, anything will do. */
  static Accepted of(@Nullable String header) {
    List<Range> ranges = new ArrayList<>();
    if (header != null) {
      for (String range : header.toLowerCase(Locale.ROOT).split(",", -1)) {
        String[] parts = range.split(";", -1);
        double quality = 1;
        for (int i = 1; i < parts.length; i++) {
          String parameter = parts[i].strip();
          if (parameter.matches("q=[01](\\.[0-9]{0,3})?")) {
            quality = Double.parseDouble(parameter.substring(2));
          }
        }
        ranges.add(new Range(parts[0].strip(), quality));
      }
    }
    return new Accepted(ranges);
  }

  /**
   * Whether the first is wanted more than the second, which is the one for those who don't care.
   */
  boolean prefers(String type, String usual) {
    double wanted = qualityOf(type);
    double other = qualityOf(usual);
    // Wanted as much as the other: the one that is named, or named first.
    return wanted > other || (wanted > 0 && wanted == other && isNamedBefore(type, usual));
  }

  private boolean isNamedBefore(String type, String other) {
    for (Range range : ranges) {
      if (range.type().equals(type) || range.type().equals(other)) {
        return range.type().equals(type);
      }
    }
    return false;
  }

  /** The most precise range decides. */
  private double qualityOf(String type) {
    String family = type.substring(0, type.indexOf('/')) + "/*";
    for (String like : new String[] {type, family, "*/*"}) {
      for (Range range : ranges) {
        if (range.type().equals(like)) {
          return range.quality();
        }
      }
    }
    return 0;
  }
}
