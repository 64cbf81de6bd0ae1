package points.rielt;

import static points.purchases.CrashStories.BACK;
import static points.purchases.CrashStories.HELD;
import static points.purchases.CrashStories.SPENT;

import java.util.List;
import org.junit.jupiter.api.Test;
import points.client.Capture;
import points.client.Hold;
import points.client.Refund;
import points.client.Release;
import points.purchases.CrashStories;
import points.purchases.CrashStories.Story;
import points.purchases.Surroundings;

/** Killed between any two steps, every booking ends where it was going, and agrees with Points. */
class RieltCrashTest {
  private static final List<Story> STORIES =
      List.of(
          new Story("hold", List.of(), Hold.class, "reserved", HELD),
          new Story("hold", List.of("confirm"), Capture.class, "paid", SPENT),
          new Story("hold", List.of("cancel"), Release.class, "cancelled", BACK),
          new Story("hold", List.of("confirm", "cancel"), Refund.class, "refunded", BACK));

  @Test
  void everyCrashPointOfEverySaga() {
    try (Surroundings around = new Surroundings("rielt")) {
      CrashStories.play(
          around, (settings, calls) -> new TestRielt(around, settings, calls), STORIES);
    }
  }
}
