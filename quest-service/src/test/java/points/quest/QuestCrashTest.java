package points.quest;

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
class QuestCrashTest {
  private static final CrashStories.Service QUEST =
      new CrashStories.Service(
          Main.class,
          "quest",
          "purchase",
          Map.of(),
          (admin, app, payment, user, requestId) ->
              TestQuest.buy(app, TestQuest.quest(admin, 100, payment), user, requestId));

  private static final List<Story> STORIES =
      List.of(
          new Story("hold", List.of(), "hold", "reserved", HELD),
          new Story("hold", List.of("confirm"), "capture", "paid", SPENT),
          new Story("hold", List.of("cancel"), "release", "cancelled", BACK),
          new Story("debit", List.of(), "debit", "reserved", SPENT),
          new Story("debit", List.of("cancel"), "refund", "cancelled", BACK));

  @Test
  void everyCrashPointOfEverySaga(@TempDir Path folder) {
    CrashStories.play(QUEST, folder, STORIES);
  }
}
