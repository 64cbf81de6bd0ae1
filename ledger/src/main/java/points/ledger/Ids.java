package points.ledger;

import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Makes the ids of transactions, and so of the holds and lots they open: UUID version 7 (RFC 9562)
 * whose lowest 12 bits are the bucket of the account. An id alone thus tells the lane, and one day
 * the shard, that it belongs to.
 *
 * <p>The other 62 free bits are random. Not thread-safe beyond what its generator is.
 */
public final class Ids {
  private final RandomGenerator random;

  /** Ids whose random bits come from {@code random}. */
  public Ids(RandomGenerator random) {
    this.random = random;
  }

  /**
   * A new id.
   *
   * @param at the time that goes into the first 48 bits, in milliseconds
   * @param bucket 0 … 4095
   */
  public UUID next(Instant at, int bucket) {
    long high = at.toEpochMilli() << 16 | 0x7000L | (random.nextLong() & 0xFFFL);
    long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_F000L) | 0x8000_0000_0000_0000L | bucket;
    return new UUID(high, low);
  }

  /**
   * The bucket inside an id that this class made; for any other id some number 0 … 4095, so that an
   * unknown id still has a lane that can say so.
   */
  public static int bucketOf(UUID id) {
    return (int) (id.getLeastSignificantBits() & (AccountId.BUCKETS - 1));
  }
}
