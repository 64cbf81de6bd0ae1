package points.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A time is written in one form, whatever it ends with. */
class BodiesTest {
  @ParameterizedTest
  @CsvSource({
    "2026-11-22T18:00:00Z,           2026-11-22T18:00:00.000000Z",
    "2026-11-22T18:00:05.1Z,         2026-11-22T18:00:05.100000Z",
    "2026-11-22T18:00:05.123456Z,    2026-11-22T18:00:05.123456Z",
    "2026-11-22T18:00:05.123456789Z, 2026-11-22T18:00:05.123456Z",
    "1970-01-01T00:00:00.000001Z,    1970-01-01T00:00:00.000001Z",
    "9999-12-31T23:59:59.999999Z,    9999-12-31T23:59:59.999999Z"
  })
  void aTimeHasMicroseconds(Instant time, String written) {
    assertThat(Bodies.time(time)).isEqualTo(written);
  }
}
