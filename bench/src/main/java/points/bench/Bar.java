package points.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One of the figures that the design asks for (design/product.md, "Speed").
 *
 * @param what is asked for
 * @param value that was measured
 * @param limit that it has to reach, or not to pass if {@code isMaximum}
 */
record Bar(String what, double value, double limit, boolean isMaximum) {
  private static final double BYTES_IN_MEGABYTE = 1 << 20;

  /** Whether it is met; a figure that was not measured is not. */
  boolean isMet() {
    return isMaximum ? value <= limit : value >= limit;
  }

  /** In one line. */
  String text() {
    return String.format(
        Locale.ROOT,
        "%-7s %s: %.2f (%s %.2f)",
        isMet() ? "met" : "MISSED",
        what,
        value,
        isMaximum ? "at most" : "at least",
        limit);
  }

  /**
   * All that can be said from these results.
   *
   * @param readySeconds from a start on the existing data to "ready"
   */
  static List<Bar> of(Results results, double readySeconds) {
    Results.Row single = results.row(Names.credits(Bench.PEAK_CONNECTIONS));
    Results.Row overload = results.row(Names.OVERLOAD);
    List<Bar> bars = new ArrayList<>();
    bars.add(atLeast("credits at 256 connections ÷ A", single.ratio(), 2.5));
    bars.add(atLeast("batches of 100 ÷ A", results.row(Names.BATCHES).ratio(), 5));
    bars.add(atLeast("mix ÷ A", results.row(Names.MIX).ratio(), 1.5));
    bars.add(
        atLeast(
            "events to credits ÷ credits at 256 connections",
            results.row(Names.EVENTS).ratio() / single.ratio(),
            0.25));
    bars.add(
        atLeast("one hot account ÷ spread", results.row(Names.HOT).ratio() / single.ratio(), 0.8));
    bars.add(atLeast("preloaded ÷ empty", results.row(Names.LOADED).ratio() / single.ratio(), 0.8));
    bars.add(
        atMost(
            "median at 1 connection ÷ one pgbench client's call",
            results.row(Names.credits(1)).median().p50()
                / results.row(Names.baseline(1)).median().p50(),
            2.5));
    bars.add(atMost("p99 at half the peak, ms", results.row(Names.HALF).median().p99(), 25));
    bars.add(
        atLeast(
            "goodput in overload ÷ peak",
            overload.median().perSecond() / single.median().perSecond(),
            0.8));
    bars.add(atMost("p99 of what is accepted in overload, ms", overload.median().p99(), 1000));
    bars.add(atMost("resident memory, MB", results.residentBytesMax() / BYTES_IN_MEGABYTE, 512));
    bars.add(atMost("ready on existing data, s", readySeconds, 5));
    return bars;
  }

  private static Bar atLeast(String what, double value, double limit) {
    return new Bar(what, value, limit, false);
  }

  private static Bar atMost(String what, double value, double limit) {
    return new Bar(what, value, limit, true);
  }
}
