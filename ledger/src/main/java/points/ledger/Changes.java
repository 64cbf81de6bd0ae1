package points.ledger;

import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What a {@link Batch} has decided and a ledger must write, all of it or nothing.
 *
 * @param transactions in the order in which they were posted
 * @param refusals to be remembered
 * @param accounts as they are now
 * @param holds new and changed, as they are now
 * @param lots new and changed, as they are now
 * @param credited by how much each source's credits of a day grew
 */
public record Changes(
    List<Transaction> transactions,
    List<Refusal> refusals,
    Collection<Account> accounts,
    Collection<Hold> holds,
    Collection<Lot> lots,
    Map<CreditDay, Long> credited) {

  /** One source's day. */
  public record CreditDay(String source, LocalDate day) {}

  /** Whether there is nothing to write. */
  public boolean isEmpty() {
    return transactions.isEmpty() && refusals.isEmpty();
  }
}
