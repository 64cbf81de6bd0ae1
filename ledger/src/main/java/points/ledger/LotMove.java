package points.ledger;

import java.util.UUID;

/**
 * What a transaction did to one lot.
 *
 * @param change by how much what remains of the lot changed
 * @param charged how many of the lot's points this transaction took for good on the caller's behalf
 *     (a debit takes them from the lot itself, a capture from the hold), so that a refund can put
 *     them back
 */
public record LotMove(UUID lotId, long change, long charged) {}
