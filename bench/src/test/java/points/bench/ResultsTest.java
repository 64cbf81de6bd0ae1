package points.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Ratios are taken within a round, and what was not measured meets no bar. */
class ResultsTest {
  private final Results results = new Results();

  private static Measured measured(String scenario, double perSecond) {
    Duration cpu = Duration.ofNanos(1000);
    return new Measured(scenario, perSecond, 0, 0, 1, 2, 3, 4, cpu, cpu, cpu, 1, 100 << 20);
  }

  @Test
  void theRatioIsTheMedianOfTheRoundsRatiosNotTheRatioOfTheMedians() {
    for (double[] round : new double[][] {{100, 300}, {200, 500}, {50, 200}}) {
      results.addBaseline(measured("A", round[0]));
      results.add(measured("credits", round[1]));
    }
    Results.Row row = results.row("credits");
    assertThat(row.rounds()).isEqualTo(3);
    assertThat(row.ratio()).isCloseTo(3.0, within(1e-9)); // of 3.0, 2.5 and 4.0
    assertThat(row.median().perSecond()).isEqualTo(300);
    assertThat(results.row("A").ratio()).isEqualTo(1.0);
  }

  @Test
  void twoRoundsGiveTheMeanOfBoth() {
    results.addBaseline(measured("A", 10));
    results.add(measured("x", 10));
    results.add(measured("x", 20));
    assertThat(results.row("x").median().perSecond()).isEqualTo(15);
  }

  @Test
  void withoutABaselineThereIsNoRatioAndNoBarIsMet() {
    results.add(measured("x", 10));
    double ratio = results.row("x").ratio();
    assertThat(ratio).isNaN();
    assertThat(new Bar("x", ratio, 1, false).isMet()).isFalse();
    assertThat(new Bar("x", ratio, 1, true).isMet()).isFalse();
    assertThatThrownBy(() -> results.row("y")).hasMessage("not measured: y");
  }

  @Test
  void aBarIsMetExactlyAtItsLimit() {
    assertThat(new Bar("least", 2.5, 2.5, false).isMet()).isTrue();
    assertThat(new Bar("least", 2.49, 2.5, false).isMet()).isFalse();
    assertThat(new Bar("most", 25, 25, true).isMet()).isTrue();
    assertThat(new Bar("most", 25.1, 25, true).text())
        .isEqualTo("MISSED  most: 25.10 (at most 25.00)");
  }
}
