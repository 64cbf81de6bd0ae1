package points.ledger;

import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What must be known of the past to decide commands: the state that a {@link Batch} starts from.
 */
public interface Books {
  /** What is remembered under the key, or {@code null}. */
  @Nullable Recorded recorded(ExternalKey key);

  /** The account; {@link Account#empty} if it has never moved. */
  Account account(AccountId id);

  /** The hold, or {@code null}. */
  @Nullable Hold hold(UUID id);

  /** The lot, or {@code null}. */
  @Nullable Lot lot(UUID id);

  /**
   * The open lots of an account in which something remains, in any order. Of an account with very
   * many, an implementation may give only those that expire soonest; {@link #knowsAllLots} tells.
   */
  List<Lot> openLots(AccountId id);

  /** Whether {@link #openLots} gives every one. */
  boolean knowsAllLots(AccountId id);

  /** The transaction, or {@code null}. */
  @Nullable Transaction transaction(UUID id);

  /** The transactions that refer to {@code id}: its refunds, reversals and expiries. */
  List<Transaction> referringTo(UUID id);

  /** How many points the source has credited on that day (UTC). */
  long creditedOn(String source, LocalDate day);
}
