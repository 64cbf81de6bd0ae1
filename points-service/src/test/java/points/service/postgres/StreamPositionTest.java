package points.service.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A position is read as it was written, and nothing else is a position. */
class StreamPositionTest {
  @Test
  void itIsReadAsItWasWritten() {
    StreamPosition position = new StreamPosition(17, "user:42", 3);
    assertThat(StreamPosition.of(position.text())).isEqualTo(position);
    assertThat(StreamPosition.of(StreamPosition.START.text())).isEqualTo(StreamPosition.START);
  }

  @ParameterizedTest
  @ValueSource(strings = {"+17 3 user:42", "017 3 user:42", "17 3 user:\u00e9", "17 3", "x 3 y"})
  void anotherSpellingIsNone(String plain) {
    String text =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(plain.getBytes(StandardCharsets.ISO_8859_1));
    assertThatIllegalArgumentException().isThrownBy(() -> StreamPosition.of(text));
  }

  @Test
  void paddingIsNone() {
    String text = new StreamPosition(1, "a", 2).text();
    assertThat(text.length() % 4).isNotZero();
    assertThatIllegalArgumentException().isThrownBy(() -> StreamPosition.of(text + "="));
  }
}
