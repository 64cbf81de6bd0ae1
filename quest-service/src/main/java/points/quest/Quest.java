package points.quest;

import java.util.UUID;
import points.purchases.Payment;

/**
 * A quest that can be bought. Immutable.
 *
 * @param pricePoints 1 to 10^12
 */
record Quest(UUID id, String title, long pricePoints, Payment payment) {}
