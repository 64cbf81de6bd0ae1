package points.connect.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SharesTest {
  @Test
  void sharesAreRoundedDown() {
    assertThat(Shares.share(999, 1_000)).isEqualTo(99);
    assertThat(Shares.share(1, 9_999)).isZero();
    assertThat(Shares.share(Long.MAX_VALUE, 10_000)).isEqualTo(Long.MAX_VALUE);
    assertThatThrownBy(() -> Shares.share(Long.MAX_VALUE, 10_001))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> Shares.share(-1, 1)).hasMessageContaining("negative");
  }

  @Test
  void evenPartsSumExactlyAndDifferByOneAtMost() {
    Random random = new Random(1);
    for (int i = 0; i < 1_000; i++) {
      long amount = random.nextLong(1_000_000);
      long count = random.nextLong(1, 101);
      List<Long> parts = new ArrayList<>();
      for (long part = 0; part < count; part++) {
        parts.add(Shares.split(amount, count, part));
      }
      assertThat(parts.stream().mapToLong(p -> p).sum()).isEqualTo(amount);
      assertThat(parts.getFirst() - parts.getLast()).isBetween(0L, 1L);
    }
    assertThatThrownBy(() -> Shares.split(10, 0, 0)).hasMessageContaining("no part");
  }

  @Test
  void weightedPartsSumExactlyByLargestRemainder() {
    assertThat(Shares.splitByWeight(100, List.of(1L, 1L, 1L))).containsExactly(34L, 33L, 33L);
    assertThat(Shares.splitByWeight(10, List.of(1L, 2L, 4L))).containsExactly(1L, 3L, 6L);
    assertThat(Shares.splitByWeight(5, List.of(0L, 1L), 0)).isZero();
    Random random = new Random(2);
    for (int i = 0; i < 1_000; i++) {
      long amount = random.nextLong(Long.MAX_VALUE);
      List<Long> weights = random.longs(1 + random.nextInt(20), 0, 1_000_000).boxed().toList();
      if (weights.stream().anyMatch(w -> w > 0)) {
        assertThat(Shares.splitByWeight(amount, weights).stream().mapToLong(p -> p).sum())
            .isEqualTo(amount);
      }
    }
    assertThatThrownBy(() -> Shares.splitByWeight(5, List.of(0L, 0L)))
        .hasMessageContaining("all zero");
  }
}
