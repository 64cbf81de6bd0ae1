package points.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The ids of transactions, holds and lots. */
final class IdsTest {
  private static final Instant AT = Instant.parse("2026-11-22T18:00:00.123456Z");

  @Test
  void theyAreVersionSevenWithTheTimeAndTheBucket() {
    Ids ids = new Ids(new Random(1));
    for (int bucket = 0; bucket < AccountId.BUCKETS; bucket++) {
      UUID id = ids.next(AT, bucket);
      assertThat(id.version()).isEqualTo(7);
      assertThat(id.variant()).isEqualTo(2);
      assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(AT.toEpochMilli());
      assertThat(Ids.bucketOf(id)).isEqualTo(bucket);
    }
  }

  @Test
  void theyAreTheSameToTheBitWhateverTheRandomBitsAre() {
    Ids zeros = new Ids((RandomGenerator) () -> 0L);
    Ids ones = new Ids((RandomGenerator) () -> -1L);
    assertThat(zeros.next(AT, 0xABC)).hasToString("%s-7000-8000-000000000abc".formatted(prefix()));
    assertThat(ones.next(AT, 0xABC)).hasToString("%s-7fff-bfff-fffffffffabc".formatted(prefix()));
    assertThat(ones.next(AT, 0)).hasToString("%s-7fff-bfff-fffffffff000".formatted(prefix()));
    assertThat(zeros.next(AT, 4095)).hasToString("%s-7000-8000-000000000fff".formatted(prefix()));
  }

  private static String prefix() {
    String millis = "%012x".formatted(AT.toEpochMilli());
    return millis.substring(0, 8) + "-" + millis.substring(8);
  }

  @Test
  void theyDiffer() {
    Ids ids = new Ids(new Random(1));
    Set<UUID> seen = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      assertThat(seen.add(ids.next(AT, 7))).isTrue();
    }
  }

  @Test
  void anyIdHasABucket() {
    assertThat(Ids.bucketOf(new UUID(0, 0))).isZero();
    assertThat(Ids.bucketOf(new UUID(-1, -1))).isEqualTo(4095);
    assertThat(Ids.bucketOf(new UUID(-1, 0x1000))).isZero();
  }
}
