package points.trials.faults;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import points.trials.Callers;
import points.trials.Field;
import points.trials.Server;
import points.trials.Stage;
import points.trials.Trial;
import points.trials.Verdict;
import points.trials.Wire;

/**
 * An asynchronous standby takes over. It may lack the newest operations, which is no broken
 * promise: how many is the figure of this trial. What it has must be whole.
 */
final class AsynchronousStandby implements Trial {
  private static final int LAG_MILLIS = 200;

  @Override
  public String name() {
    return "standby-async";
  }

  @Override
  public String promise() {
    return "an asynchronous standby loses the newest operations only, and its books are sound";
  }

  @Override
  public Verdict run(Stage stage) throws Exception {
    SplittableRandom random = stage.random();
    Server primary = Server.create(stage.programs(), stage.folder().resolve("primary"), Map.of());
    try (Field field = Field.open(stage, primary, Map.of());
        Callers callers = Callers.of(field);
        Wire between = Wire.to(primary.port());
        Server standby =
            Standbys.follow(stage, primary, between.port(), stage.folder().resolve("standby"))) {
      callers.start(random.split());
      Thread.sleep(2_000 + random.nextInt(1_000));
      // It lags by so much, as one in another town might in a bad moment.
      between.trouble(Wire.Trouble.SWALLOW);
      Thread.sleep(LAG_MILLIS);
      Set<String> told = field.acknowledged();
      primary.kill();
      standby.run("postgres", "SELECT pg_promote(true, 60)");
      callers.stop();
      Set<String> lost = Standbys.lost(standby, told);
      var findings = standby.verify(Field.DATABASE);
      if (!findings.isEmpty()) {
        throw new AssertionError("the promoted standby's books are not sound: " + findings);
      }
      field.moveTo(standby);
      field.heal();
      Map<String, Long> figures = new LinkedHashMap<>();
      figures.put("operations", (long) told.size());
      figures.put("ms of lag", (long) LAG_MILLIS);
      figures.put("acknowledged operations lost", (long) lost.size());
      return new Verdict.Held(figures);
    }
  }
}
