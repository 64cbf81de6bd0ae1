package points.rielt;

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

/** Killed between any two steps, every booking ends where it was going, and agrees with Points. */
class RieltCrashTest {
  private static final CrashStories.Service RIELT =
      new CrashStories.Service(
          Main.class,
          "rielt",
          "booking",
          Map.of("paid", "rielt.booking_paid", "refunded", "rielt.booking_cancelled"),
          (admin, app, payment, user, requestId) -> {
            String listing = TestRielt.listing(admin, 100);
            return TestRielt.book(app, listing, user, "2026-12-24", "2026-12-25", requestId);
          });

  private static final List<Story> STORIES =
      List.of(
          new Story("hold", List.of(), "hold", "reserved", HELD),
          new Story("hold", List.of("confirm"), "capture", "paid", SPENT),
          new Story("hold", List.of("cancel"), "release", "cancelled", BACK),
          new Story("hold", List.of("confirm", "cancel"), "refund", "refunded", BACK));

  @Test
  void everyCrashPointOfEverySaga(@TempDir Path folder) {
    CrashStories.play(RIELT, folder, STORIES);
  }
}
