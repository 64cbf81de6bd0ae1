package points.quest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import points.purchases.Machine;
import points.purchases.StatesInThreePlaces;

/** The states are the same in the code, the documentation and the database. */
class MachineTest {
  @Test
  void docsCodeAndCheckAgree() throws Exception {
    StatesInThreePlaces.require("quest", Machine.WITH_COMPLETION);
    assertThat(new QuestGoods(java.time.Duration.ofDays(1)).machine())
        .isEqualTo(Machine.WITH_COMPLETION);
  }
}
