package points.quest;

import points.kit.ServiceMain;

/** Quest Service as a process of its own; settings come from {@code QUEST_…} and arguments. */
public final class Main {
  private Main() {}

  /** Starts, and stops on SIGTERM or SIGINT. */
  public static void main(String[] arguments) {
    ServiceMain.run(
        "Quest Service",
        QuestService.PREFIX,
        QuestService.settings(),
        arguments,
        QuestService::start);
  }
}
