package points.ledger;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One posted operation: immutable, for ever. Double entry by construction: the change of the
 * account and {@code counterChange} of the ledger's own account sum to zero.
 *
 * @param seq the account's own number for it, 1, 2, … without gaps
 * @param amount whole points moved: 0 only for a reversal {@code within_balance} that found nothing
 * @param change how the account changed
 * @param balance the account right after it
 * @param counter the ledger's own account on the other side, for example {@code issued:connect};
 *     the account itself where points only change their state
 * @param counterChange {@code −change.net()}
 * @param hold the hold right after it, if it concerns one
 * @param refersTo the charge refunded, the credit reversed, activated or expired, if any
 * @param moves what it did to lots
 * @param approval who made and who approved an adjustment
 * @param hash this transaction's link of the account's chain
 */
public record Transaction(
    UUID id,
    AccountId account,
    long seq,
    ExternalKey key,
    Request request,
    long amount,
    Balance change,
    Balance balance,
    String counter,
    long counterChange,
    @Nullable HoldState hold,
    @Nullable UUID refersTo,
    List<LotMove> moves,
    @Nullable Approval approval,
    @Nullable String reason,
    @Nullable String metadata,
    Instant createdAt,
    Hash hash)
    implements Recorded {

  /** Who made and who approved an adjustment. */
  public record Approval(String maker, String checker) {}

  /** Copies the list. */
  public Transaction {
    moves = List.copyOf(moves);
  }

  /** What kind of transaction it is. */
  public Verb type() {
    return request.verb();
  }

  /** The debt that it made: only a reversal under {@link ReversePolicy#DEBT} does. */
  public long debtMade() {
    return Math.max(0, change.debt());
  }

  /** This transaction with its link of the chain. */
  Transaction withHash(Hash newHash) {
    return new Transaction(
        id,
        account,
        seq,
        key,
        request,
        amount,
        change,
        balance,
        counter,
        counterChange,
        hold,
        refersTo,
        moves,
        approval,
        reason,
        metadata,
        createdAt,
        newHash);
  }
}
