/** What points are: accounts, transactions, holds, lots, idempotency and the rules that decide. */
@NullMarked
package points.ledger;

import org.jspecify.annotations.NullMarked;
