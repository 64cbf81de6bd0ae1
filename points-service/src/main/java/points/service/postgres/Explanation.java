package points.service.postgres;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import points.ledger.Account;
import points.ledger.AccountId;
import points.ledger.Hold;
import points.ledger.Lot;
import points.ledger.Parcel;
import points.ledger.Transaction;

/**
 * Why a balance is what it is, back to the transactions that made it.
 *
 * @param lots lots in which something remains or is on hold, with the credit that opened each
 * @param permanent the newest credits that make up the points which never expire: of those, the
 *     oldest are spent first, so what is left came last
 * @param older points that never expire and came from further back than {@code permanent} goes
 * @param holds active holds
 * @param debts the reversals that make up the debt, newest first
 */
public record Explanation(
    Account account,
    List<LotPart> lots,
    List<Part> permanent,
    long older,
    List<Queries.HoldRead> holds,
    List<Part> debts) {

  /** So many points of a balance, and the transaction that they come from. */
  public record Part(long amount, Transaction from) {}

  /** A lot, how many of its points are on hold, and the credit that opened it. */
  public record LotPart(Lot lot, long held, Transaction credit) {}

  /** Credits, activations and adjustments that added to the points which never expire. */
  private static final String PERMANENT =
      """
      SELECT * FROM transaction
      WHERE account = :account AND available_change > 0
        AND ((type = 'credit' AND lots IS NULL) OR type = 'adjust'
          OR (type = 'activate'
              AND EXISTS (SELECT FROM lot WHERE lot_id = refers_to AND status = 'merged')))
      ORDER BY seq DESC LIMIT 50""";

  private static final String DEBTS =
      """
      SELECT * FROM transaction
      WHERE account = :account AND type = 'reverse' AND debt_change > 0
      ORDER BY seq DESC LIMIT 50""";

  private static final String LOTS =
      """
      SELECT * FROM lot
      WHERE account = :account
        AND ((status IN ('open', 'pending') AND remaining > 0) OR lot_id = ANY (:held))
      ORDER BY expires_at NULLS LAST, seq LIMIT 1000""";

  private static final String HOLDS =
      """
      SELECT * FROM hold WHERE account = :account AND status = 'active'
      ORDER BY hold_id DESC LIMIT 1000""";

  /** Reads within the handle's transaction. */
  static Explanation read(Handle handle, Account account) {
    AccountId id = account.id();
    List<Hold> holds =
        handle
            .createQuery(HOLDS)
            .bind("account", id.name())
            .map((row, context) -> Rows.hold(row))
            .list();
    List<Part> permanent = newest(transactions(handle, PERMANENT, id), account.permanent(), false);
    long known = permanent.stream().mapToLong(Part::amount).sum();
    return new Explanation(
        account,
        lots(handle, id, holds),
        permanent,
        account.permanent() - known,
        Queries.withPlacing(handle, holds),
        newest(transactions(handle, DEBTS, id), account.balance().debt(), true));
  }

  private static List<LotPart> lots(Handle handle, AccountId id, List<Hold> holds) {
    Map<UUID, Long> held = new HashMap<>();
    for (Hold hold : holds) {
      for (Parcel parcel : hold.parcels()) {
        if (parcel.lotId() != null) {
          held.merge(parcel.lotId(), parcel.amount(), Long::sum);
        }
      }
    }
    List<Lot> lots =
        handle
            .createQuery(LOTS)
            .bind("account", id.name())
            .bindArray("held", UUID.class, held.keySet().toArray())
            .map((row, context) -> Rows.lot(row))
            .list();
    List<LotPart> parts = new ArrayList<>(lots.size());
    for (Lot lot : lots) {
      parts.add(
          new LotPart(lot, held.getOrDefault(lot.id(), 0L), Queries.existing(handle, lot.id())));
    }
    return parts;
  }

  private static List<Transaction> transactions(Handle handle, String sql, AccountId id) {
    return handle
        .createQuery(sql)
        .bind("account", id.name())
        .map((row, context) -> Rows.transaction(row))
        .list();
  }

  /** Divides an amount among transactions, the newest first. */
  private static List<Part> newest(List<Transaction> newestFirst, long amount, boolean debts) {
    List<Part> parts = new ArrayList<>();
    long left = amount;
    for (Transaction transaction : newestFirst) {
      long made = debts ? transaction.change().debt() : transaction.change().available();
      long part = Math.min(left, made);
      if (part == 0) {
        break;
      }
      parts.add(new Part(part, transaction));
      left -= part;
    }
    return parts;
  }
}
