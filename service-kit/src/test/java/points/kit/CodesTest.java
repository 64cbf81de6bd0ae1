package points.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CodesTest {
  @Test
  void theyAreLegibleAndDifferent() {
    Set<String> codes = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      assertThat(codes.add(Codes.next(4))).isTrue();
    }
    assertThat(codes)
        .allMatch(code -> code.matches("[2-9A-HJKMNP-TV-Z]{4}(-[2-9A-HJKMNP-TV-Z]{4}){3}"));
    assertThat(Codes.next(1)).hasSize(4);
  }
}
