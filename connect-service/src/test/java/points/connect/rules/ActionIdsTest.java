package points.connect.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class ActionIdsTest {
  @Test
  void theSamePartsMakeTheSameIdForEver() {
    UUID id = ActionIds.of("quest", "e-1", "quest-completed", 0, "user:42");
    assertThat(id).isEqualTo(ActionIds.of("quest", "e-1", "quest-completed", 0, "user:42"));
    assertThat(id.version()).isEqualTo(5);
    assertThat(id.variant()).isEqualTo(2);
    // Written down so that no change of code can change the ids of what was credited already.
    assertThat(id).hasToString("ff7e3c72-bd83-5667-a050-e3c0b6bd131c");
  }

  @Test
  void everyPartCounts() {
    UUID id = ActionIds.of("quest", "e-1", "r", 0, "user:42");
    assertThat(id)
        .isNotEqualTo(ActionIds.of("quest2", "e-1", "r", 0, "user:42"))
        .isNotEqualTo(ActionIds.of("quest", "e-2", "r", 0, "user:42"))
        .isNotEqualTo(ActionIds.of("quest", "e-1", "r2", 0, "user:42"))
        .isNotEqualTo(ActionIds.of("quest", "e-1", "r", 1, "user:42"))
        .isNotEqualTo(ActionIds.of("quest", "e-1", "r", 0, "user:43"))
        .isNotEqualTo(ActionIds.ofReversal(id));
  }
}
