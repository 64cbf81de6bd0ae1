package points.voucher;

import java.util.List;
import java.util.UUID;
import points.purchases.Payment;

/**
 * A voucher that can be bought. Immutable.
 *
 * @param partnerId who sells it
 * @param proSpacerIds who helps to sell it
 * @param pricePoints 1 to 10^12
 * @param stock how many are left, at least 0
 */
record Voucher(
    UUID id,
    String title,
    String partnerId,
    List<String> proSpacerIds,
    long pricePoints,
    int stock,
    Payment payment) {
  Voucher {
    proSpacerIds = List.copyOf(proSpacerIds);
  }
}
