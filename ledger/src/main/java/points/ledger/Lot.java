package points.ledger;

import java.time.Instant;
import java.util.Comparator;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Points that came in together and share their dates. Its id is the id of the credit that opened
 * it. Only credits with an expiry, or that are pending at first, open one. Immutable.
 *
 * @param source whose credit it was
 * @param seq the account's number of that credit; between lots of one expiry the older goes first
 * @param amount what was credited
 * @param remaining what of it is available now (or pending, while the lot is)
 * @param expiresAt when what remains is taken away; {@code null}: never
 * @param availableAt when it becomes available; {@code null}: it was so from the start
 */
public record Lot(
    UUID id,
    AccountId account,
    String source,
    long seq,
    long amount,
    long remaining,
    LotStatus status,
    @Nullable Instant expiresAt,
    @Nullable Instant availableAt) {

  /** The order of spending: what expires soonest first, then what came first. */
  static final Comparator<Lot> SPENDING_ORDER =
      Comparator.comparing(Lot::expiry).thenComparingLong(Lot::seq);

  private Instant expiry() {
    return expiresAt == null ? Instant.MAX : expiresAt;
  }

  /** Whether its time is up at {@code at}; what remains can't be spent from then on. */
  public boolean isLapsed(Instant at) {
    return expiresAt != null && !at.isBefore(expiresAt);
  }

  /** This lot with another remainder and state. */
  Lot with(long newRemaining, LotStatus newStatus) {
    return new Lot(
        id, account, source, seq, amount, newRemaining, newStatus, expiresAt, availableAt);
  }
}
