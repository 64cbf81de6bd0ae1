package points.client;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction did. Immutable.
 *
 * @param transactionId as the service made it
 * @param type {@code credit}, {@code debit}, {@code hold}, {@code capture}, {@code release}, {@code
 *     refund}, {@code reverse}, or one of those that the service makes itself, such as {@code
 *     expire_hold}
 * @param account like {@code user:42}
 * @param amount the points moved; 0 only on a reverse that found nothing to take
 * @param externalId that of the call
 * @param createdAt when
 * @param balance right after it, on a replay too
 * @param hold right after it; null unless it concerns a hold
 * @param refersTo the credit that was reversed, or the charge that was refunded; null on others
 * @param reversal null unless it is a reverse
 */
public record Receipt(
    UUID transactionId,
    String type,
    String account,
    long amount,
    String externalId,
    Instant createdAt,
    Balance balance,
    @Nullable HoldState hold,
    @Nullable UUID refersTo,
    @Nullable Reversal reversal) {

  /**
   * How a credit was taken back, in points.
   *
   * @param taken what the account lost
   * @param debt what it owes on top
   */
  public record Reversal(long taken, long debt) {}
}
