package points.trials;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Many short histories, each from a seed of its own, on accounts of its own, with one fault in the
 * middle: replayed in ledger order on the model, each account is what a ledger that takes the calls
 * one by one would have made of them.
 */
final class Linearizable implements Trial {
  private static final int OPERATIONS = 500;
  private static final int ACCOUNTS = 4;

  /**
   * What is sent again after it is healed; the callers themselves repeat a fifth of their calls.
   */
  private static final int REPEATED = 25;

  private final Storm.Nemesis nemesis;

  Linearizable(Storm.Nemesis nemesis) {
    this.nemesis = nemesis;
  }

  @Override
  public String name() {
    return "linearizable";
  }

  @Override
  public String promise() {
    return "each account is as if its calls had come one by one, whatever fails in the middle";
  }

  @Override
  public Verdict run(Stage stage) throws Exception {
    int seeds = stage.scale().of(20, 200, 5_000);
    Map<String, Long> figures = new LinkedHashMap<>();
    figures.put("seeds", (long) seeds);
    List<Call> all = new ArrayList<>();
    try (Field field = Field.open(stage)) {
      for (int i = 0; i < seeds; i++) {
        long seed = stage.seed() + i;
        try (Workload workload = new Workload(services(field), "s" + i + "-", ACCOUNTS)) {
          history(field, workload, new SplittableRandom(seed));
          Checks.histories(workload, field.server(), REPEATED)
              .forEach((what, count) -> figures.merge(what, count, Long::sum));
          all.addAll(workload.calls());
        } catch (Exception | AssertionError e) {
          throw new AssertionError("the history of seed " + seed + " (begin with it): " + e, e);
        }
        if (i % 50 == 49) {
          stage.say("%d of %d seeds", i + 1, seeds);
        }
      }
      Checks.whole(all, field.server());
    }
    return new Verdict.Held(figures);
  }

  private static List<URI> services(Field field) {
    return field.nodes().stream().map(Node::url).toList();
  }

  private void history(Field field, Workload workload, SplittableRandom random) throws Exception {
    workload.start(random.split());
    workload.awaitCalls(random.nextInt(OPERATIONS));
    nemesis.strike(field, random);
    workload.awaitCalls(OPERATIONS);
    workload.stop();
    field.heal();
  }
}
