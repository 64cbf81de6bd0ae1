package points.voucher;

import static points.purchases.CrashStories.BACK;
import static points.purchases.CrashStories.HELD;
import static points.purchases.CrashStories.SPENT;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import points.purchases.CrashStories;
import points.purchases.CrashStories.Story;

/** Killed between any two steps, every purchase ends where it was going, and agrees with Points. */
class VoucherCrashTest {
  private static final CrashStories.Service VOUCHER =
      new CrashStories.Service(
          Main.class,
          "voucher",
          "purchase",
          Map.of("paid", "voucher.purchased", "refunded", "voucher.refunded"),
          (admin, app, payment, user, requestId) ->
              TestVoucher.buy(app, TestVoucher.voucher(admin, 100, 1, payment), user, requestId));

  private static final List<Story> STORIES =
      List.of(
          new Story("hold", List.of(), "hold", "reserved", HELD),
          new Story("hold", List.of("confirm"), "capture", "paid", SPENT),
          new Story("hold", List.of("cancel"), "release", "cancelled", BACK),
          new Story("debit", List.of(), "debit", "reserved", SPENT),
          new Story("debit", List.of("cancel"), "refund", "cancelled", BACK),
          new Story("hold", List.of("confirm", "refund"), "refund", "refunded", BACK),
          new Story("debit", List.of("confirm", "refund"), "refund", "refunded", BACK));

  @Test
  void everyCrashPointOfEverySaga(@TempDir Path folder) {
    CrashStories.play(VOUCHER, folder, STORIES);
  }
}
