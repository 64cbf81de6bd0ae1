package points.trials.faults;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import points.trials.Field;
import points.trials.Node;
import points.trials.Storm;
import points.trials.Trial;
import points.trials.Wire;

/** The faults that need nothing but two processes, a PostgreSQL and a wire. */
public final class Faults {
  private Faults() {}

  /** A trial for each. */
  public static List<Trial> trials() {
    return List.of(
        new Storm(
            "kills",
            "what is acknowledged survives kill -9 of either process and of PostgreSQL",
            new Storm.Strikes("kills", 60, 200, 1_000),
            Storm.anyOf(List.of(Faults::killPostgres, Faults::killPostgres, Faults::killNode))),
        new Storm(
            "pauses",
            "a process that stands still for a while holds nobody up for ever and loses nothing",
            new Storm.Strikes("pauses", 6, 40, 200),
            Storm.anyOf(List.of(Faults::pauseNode, Faults::pausePostgres))),
        new Storm(
            "network",
            "a wire that delays, cuts, half-closes, trickles or swallows changes no outcome",
            new Storm.Strikes("troubles", 14, 100, 500),
            Storm.anyOf(
                List.of(
                    Faults::cut,
                    Faults::halfClose,
                    (f, r) -> trouble(f, r, Wire.Trouble.DELAY),
                    (f, r) -> trouble(f, r, Wire.Trouble.TRICKLE),
                    (f, r) -> trouble(f, r, Wire.Trouble.SWALLOW)))),
        new Storm(
            "terminations",
            "sessions that the database ends, over and over, cost no answer and double none",
            new Storm.Strikes("storms", 10, 60, 400),
            Faults::terminate),
        new Storm(
            "pool",
            "a database without a free connection makes callers wait or come back, and no more",
            new Storm.Strikes("droughts", 3, 15, 60),
            Faults::exhaust));
  }

  /** Whatever is over within a second or three, the quick ones more often. */
  public static Storm.Nemesis brief() {
    Storm.Nemesis delay = (f, r) -> trouble(f, r, Wire.Trouble.DELAY);
    return Storm.anyOf(
        List.of(
            Faults::cut,
            Faults::cut,
            Faults::cut,
            Faults::halfClose,
            Faults::halfClose,
            Faults::halfClose,
            Faults::terminate,
            Faults::terminate,
            delay,
            Faults::stumble,
            Faults::stumble,
            Faults::killPostgres,
            Faults::killNode));
  }

  private static void killPostgres(Field field, SplittableRandom random) throws Exception {
    field.server().kill();
    pause(random, 200);
    field.server().start();
  }

  private static void killNode(Field field, SplittableRandom random) throws Exception {
    Node node = any(field, random);
    node.kill();
    pause(random, 100);
    node.start();
  }

  private static Node any(Field field, SplittableRandom random) {
    return field.nodes().get(random.nextInt(field.nodes().size()));
  }

  private static void pauseNode(Field field, SplittableRandom random) throws Exception {
    Node node = any(field, random);
    node.pause();
    // Beyond ten seconds the database ends what a process began and left lying.
    Thread.sleep(random.nextInt(4) == 0 ? 11_500 : 300 + random.nextInt(1_500));
    node.resume();
  }

  private static void pausePostgres(Field field, SplittableRandom random) throws Exception {
    field.server().pause();
    Thread.sleep(300 + random.nextInt(3_000));
    field.server().resume();
  }

  /** Stands still for as long as nobody notices. */
  private static void stumble(Field field, SplittableRandom random) throws Exception {
    field.server().pause();
    pause(random, 500);
    field.server().resume();
  }

  private static void cut(Field field, SplittableRandom random) {
    field.wire().cut();
  }

  private static void halfClose(Field field, SplittableRandom random) {
    field.wire().halfClose();
  }

  private static void trouble(Field field, SplittableRandom random, Wire.Trouble how)
      throws InterruptedException {
    field.wire().trouble(how);
    pause(random, 2_000);
    field.wire().heal();
  }

  private static void terminate(Field field, SplittableRandom random) throws Exception {
    try (Connection connection = field.server().connect("postgres");
        var statement = connection.createStatement()) {
      for (int i = 0; i < 10; i++) {
        statement.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE datname = 'points' AND pid <> pg_backend_pid()");
        pause(random, 60);
      }
    }
  }

  /** Takes every connection that there is; then ends the services' own, so that they need new. */
  private static void exhaust(Field field, SplittableRandom random) throws Exception {
    List<Connection> taken = new ArrayList<>();
    try {
      while (taken.size() < 300) {
        taken.add(field.server().connect("postgres"));
      }
    } catch (SQLException e) {
      // Now there is none left.
    }
    try (var statement = taken.getFirst().createStatement()) {
      statement.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'points'");
      for (int i = 0; i < 20; i++) {
        taken.add(field.server().connect("postgres"));
      }
    } catch (SQLException e) {
      // The services were quicker: a smaller drought.
    }
    pause(random, 2_500);
    for (Connection connection : taken) {
      connection.close();
    }
  }

  private static void pause(SplittableRandom random, int most) throws InterruptedException {
    Thread.sleep(random.nextInt(most));
  }
}
