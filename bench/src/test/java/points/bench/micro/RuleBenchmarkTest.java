package points.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import points.connect.rules.Decision;
import points.connect.rules.RewardAction;

/** The benchmark measures rules that give what they should; how fast is not asked here. */
class RuleBenchmarkTest {
  private final RuleBenchmark benchmark = new RuleBenchmark();

  @Test
  void everyRuleThatAppliesGivesItsShare() {
    isDecided(benchmark.fewRulesApply(), RuleBenchmark.FEW);
    isDecided(benchmark.allRulesApply(), RuleBenchmark.RULES);
    isDecided(benchmark.mostRulesAreAboutOtherEvents(), RuleBenchmark.FEW);
  }

  private static void isDecided(Decision decision, int actions) {
    assertThat(decision.cuts()).isEmpty();
    assertThat(decision.actions()).hasSize(actions);
    assertThat(decision.actions()).extracting(RewardAction::id).doesNotHaveDuplicates();
    assertThat(decision.actions())
        .allSatisfy(
            action -> {
              assertThat(action.refusal()).isNull();
              assertThat(action.account()).isEqualTo("partner:acme");
              assertThat(action.points()).isEqualTo(1_000);
            });
  }
}
