package points.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** External ids, and the keys of the service's own operations. */
final class ExternalKeyTest {
  @Test
  void visibleAsciiUpToItsLength() {
    StringBuilder all = new StringBuilder();
    for (char c = '!'; c <= '~'; c++) {
      all.append(c);
    }
    for (String id : List.of("x", all.toString(), "x".repeat(128), "!", "~")) {
      assertThat(new ExternalKey("quest", id).externalId()).isEqualTo(id);
    }
  }

  @Test
  void nothingElse() {
    for (String id : List.of("", "x".repeat(129))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new ExternalKey("quest", id))
          .withMessageContaining("1 … 128");
    }
    for (String id : List.of(" ", "a b", " a", "a ", "a\n", "\u0000", "\u007f", "é", "a\u200b")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new ExternalKey("quest", id))
          .withMessageContaining("visible ASCII");
    }
  }

  @Test
  void nothingIsFolded() {
    assertThat(new ExternalKey("quest", "a")).isNotEqualTo(new ExternalKey("quest", "A"));
    assertThat(new ExternalKey("quest", "a")).isNotEqualTo(new ExternalKey("voucher", "a"));
  }

  /** These are in the database for ever. */
  @Test
  void theServicesOwnKeys() {
    UUID id = UUID.fromString("0192f0c1-0000-7000-8000-000000000123");
    assertThat(List.of(Command.expireHold(id), Command.activate(id), Command.expireLot(id, 12)))
        .extracting(Command::key)
        .containsExactly(
            new ExternalKey("points", "expire_hold:" + id),
            new ExternalKey("points", "activate:" + id),
            new ExternalKey("points", "expire_lot:" + id + ":12"));
  }
}
