package points.trials;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The trial of most faults: callers do everything at once through two processes, a reader follows
 * the events, and the nemesis strikes again and again; then all is healed and everything checked.
 */
public final class Storm implements Trial {
  /** A fault. It may leave things down: whatever is down is brought up before the checks. */
  public interface Nemesis {
    /** Strikes once. */
    void strike(Field field, SplittableRandom random) throws Exception;
  }

  /** Makes what is struck. */
  public interface Opening {
    /** Starts it. */
    Field open(Stage stage) throws Exception;
  }

  private static final int QUICK_PAUSE_MILLIS = 30;

  private final String name;
  private final String promise;
  private final Strikes strikes;
  private final Nemesis nemesis;
  private final Opening opening;
  private final Needs needs;

  /** How often it strikes, by scale. */
  public record Strikes(String what, int quick, int normal, int release) {}

  /** A storm of one fault on the usual field. */
  public Storm(String name, String promise, Strikes strikes, Nemesis nemesis) {
    this(name, promise, strikes, nemesis, Field::open, Needs.NOTHING);
  }

  /** A storm of one fault on a field of its own, for which something has to be installed. */
  public Storm(
      String name, String promise, Strikes strikes, Nemesis nemesis, Opening opening, Needs needs) {
    this.name = name;
    this.promise = promise;
    this.strikes = strikes;
    this.nemesis = nemesis;
    this.opening = opening;
    this.needs = needs;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String promise() {
    return promise;
  }

  @Override
  public Verdict run(Stage stage) throws Exception {
    Optional<String> missing = needs.missing();
    if (missing.isPresent()) {
      return new Verdict.Skipped(missing.get());
    }
    SplittableRandom random = stage.random();
    int count = stage.scale().of(strikes.quick(), strikes.normal(), strikes.release());
    try (Field field = opening.open(stage);
        Workload workload = new Workload(field.nodes().stream().map(Node::url).toList());
        Follower follower = new Follower(field.nodes().stream().map(Node::url).toList())) {
      field.watch(workload::acknowledged);
      // In CI what was killed shall not have to start beside callers who take all processors.
      workload.start(random.split(), stage.scale().of(QUICK_PAUSE_MILLIS, 0, 0));
      SplittableRandom chance = random.split();
      long next = System.nanoTime();
      for (int i = 1; i <= count; i++) {
        Server.pause(300 + chance.nextInt(700));
        nemesis.strike(field, chance);
        if (System.nanoTime() - next > Duration.ofSeconds(10).toNanos()) {
          next = System.nanoTime();
          stage.say(
              "%d of %d %s, %d operations", i, count, strikes.what(), workload.calls().size());
        }
      }
      Server.pause(300);
      workload.stop();
      field.heal();
      Map<String, Long> figures = new LinkedHashMap<>();
      figures.put(strikes.what(), (long) count);
      figures.putAll(Checks.all(workload, field.server(), follower));
      return new Verdict.Held(figures);
    }
  }

  /** Several faults, one of which strikes each time. */
  public static Nemesis anyOf(List<Nemesis> faults) {
    return (field, random) -> faults.get(random.nextInt(faults.size())).strike(field, random);
  }
}
