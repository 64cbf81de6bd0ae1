package points.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The names of accounts, and their buckets. */
final class AccountIdTest {
  @Test
  void whatANameLooksLike() {
    for (String name :
        List.of(
            "user:42",
            "partner:acme",
            "space:9f1c",
            "a:b",
            "user_2:A-Z.a_z~0",
            "a234567890123456:x",
            "user:" + "x".repeat(64),
            "issuedx:1",
            "user:issued",
            "user:..")) {
      assertThat(new AccountId(name).name()).isEqualTo(name);
      assertThat(new AccountId(name)).hasToString(name);
    }
  }

  @Test
  void exactlyWhatThePatternSays() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    String letters = "abz09:_.~-AZ/ @[`{\u00e9";
    Pattern shape = Pattern.compile(AccountId.PATTERN);
    int good = 0;
    for (int i = 0; i < 100_000; i++) {
      StringBuilder name = new StringBuilder(random.nextBoolean() ? "user:" : "");
      int length = random.nextInt(i % 10 == 0 ? 90 : 6);
      int among = random.nextBoolean() ? 5 : letters.length();
      while (name.length() < length) {
        name.append(letters.charAt(random.nextInt(among)));
      }
      boolean isName = shape.matcher(name).matches();
      assertThat(isName(name.toString())).as("%s (seed %d)", name, seed).isEqualTo(isName);
      good += isName ? 1 : 0;
    }
    assertThat(good).isGreaterThan(1_000);
  }

  private static boolean isName(String text) {
    try {
      return new AccountId(text).name().equals(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Test
  void whatIsNoName() {
    for (String name :
        List.of(
            "",
            ":",
            "user",
            "user:",
            ":42",
            "User:42",
            "1user:42",
            "_user:42",
            "us-er:42",
            "user:4 2",
            " user:42",
            "user:42 ",
            "user:42\n",
            "user:a:b",
            "user:a/b",
            "user:é",
            "user:٣",
            "user:\u0000",
            "üser:42",
            "a2345678901234567:x",
            "user:" + "x".repeat(65))) {
      assertThatIllegalArgumentException()
          .as(name)
          .isThrownBy(() -> new AccountId(name))
          .withMessageContaining("must be kind:id");
    }
  }

  @Test
  void theLedgersOwnKindsAreReserved() {
    assertThat(AccountId.RESERVED_KINDS)
        .containsExactlyInAnyOrder("issued", "spent", "expired", "adjusted", "system");
    for (String kind : AccountId.RESERVED_KINDS) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new AccountId(kind + ":connect"))
          .withMessageContaining("reserved");
    }
  }

  /** These are in the database for ever: if this fails, it is not the test that is wrong. */
  @Test
  void bucketsAreStable() {
    assertThat(new AccountId("user:1").bucket()).isEqualTo(3176);
    assertThat(new AccountId("user:42").bucket()).isEqualTo(3309);
    assertThat(new AccountId("partner:acme").bucket()).isEqualTo(1050);
    assertThat(new AccountId("space:9f1c").bucket()).isEqualTo(1752);
    assertThat(new AccountId("a:b").bucket()).isEqualTo(2185);
  }

  /** Computed here bit by bit, as RFC 3720 defines it. */
  @Test
  void theBucketIsTheLowTwelveBitsOfTheCrc() {
    for (int i = 0; i < 500; i++) {
      String name = "user:" + i * 7919;
      assertThat(new AccountId(name).bucket()).isEqualTo(crc32c(name) & 0xFFF);
    }
    assertThat(crc32c("123456789")).isEqualTo(0xE3069283);
  }

  private static int crc32c(String text) {
    int crc = -1;
    for (int c : text.chars().toArray()) {
      crc ^= c;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) == 0 ? 0 : 0x82F63B78);
      }
    }
    return ~crc;
  }

  @Test
  void accountsSpreadOverAllBuckets() {
    int[] counts = new int[AccountId.BUCKETS];
    IntStream.range(0, 409_600).forEach(i -> counts[new AccountId("user:" + i).bucket()]++);
    assertThat(Arrays.stream(counts).min().orElseThrow()).isGreaterThan(40);
    assertThat(Arrays.stream(counts).max().orElseThrow()).isLessThan(180);
  }

  @Test
  void theOrderIsThatOfBytes() {
    List<AccountId> ids =
        IntStream.of('.', '-', '0', 'A', '_', 'a', '~')
            .mapToObj(c -> new AccountId("user:" + (char) c))
            .sorted()
            .toList();
    assertThat(ids)
        .extracting(AccountId::name)
        .containsExactly("user:-", "user:.", "user:0", "user:A", "user:_", "user:a", "user:~");
  }
}
