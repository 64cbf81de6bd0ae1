package points.trials.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import points.trials.Field;
import points.trials.Needs;
import points.trials.Server;
import points.trials.Stage;
import points.trials.Storm;
import points.trials.Trial;

/** The primary dies for good and its standby takes over. */
public final class Standbys {
  private final Stage stage;
  private Server standby;
  private int serial;

  private Standbys(Stage stage, Server primary) throws IOException, SQLException {
    this.stage = stage;
    this.standby = followSynchronously(primary);
  }

  /** The trials. */
  public static List<Trial> trials() {
    Standbys[] now = new Standbys[1];
    Trial synchronously =
        new Storm(
            "standby",
            "a synchronous standby that takes over has everything that was acknowledged",
            new Storm.Strikes("failovers", 2, 10, 50),
            (field, random) -> now[0].failOver(field, random),
            stage -> open(stage, now),
            Needs.NOTHING);
    return List.of(synchronously, new AsynchronousStandby());
  }

  private static Field open(Stage stage, Standbys[] now) throws IOException, SQLException {
    Path data = stage.folder().resolve("primary");
    Server primary = Server.create(stage.programs(), data, Map.of());
    Field field = Field.open(stage, primary, Map.of());
    now[0] = new Standbys(stage, primary);
    return field.with(() -> now[0].standby.close());
  }

  /** Starts a standby without which its primary acknowledges nothing from then on. */
  private Server followSynchronously(Server primary) throws IOException, SQLException {
    Path copy = stage.folder().resolve("standby" + serial++);
    Server follower = follow(stage, primary, primary.port(), copy);
    primary.run("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'");
    primary.run("postgres", "SELECT pg_reload_conf()");
    return follower;
  }

  /**
   * Starts a standby of a server on a copy of it; returns when it follows.
   *
   * @param port where it finds its primary
   */
  static Server follow(Stage stage, Server primary, int port, Path copy)
      throws IOException, SQLException {
    primary.copyTo(copy);
    Files.createFile(copy.resolve("standby.signal"));
    String address = "host=127.0.0.1 port=" + port + " user=postgres";
    Server follower = Server.on(stage.programs(), copy, Map.of("primary_conninfo", address));
    follower.start();
    String streaming = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'";
    for (int i = 0; !primary.ask("postgres", streaming).equals("1"); i++) {
      if (i == 600) {
        throw new IOException("the standby does not follow");
      }
      Server.pause(50);
    }
    return follower;
  }

  private void failOver(Field field, SplittableRandom random) throws Exception {
    Server.pause(random.nextInt(1_500));
    Set<String> before = field.acknowledged();
    field.server().kill();
    Server successor = standby;
    successor.run("postgres", "SELECT pg_promote(true, 60)");
    field.moveTo(successor);
    Set<String> lost = lost(successor, before);
    if (!lost.isEmpty()) {
      throw new AssertionError("acknowledged, and not on the standby: " + lost);
    }
    standby = followSynchronously(successor);
  }

  /** Those of the external ids that a server knows nothing of. */
  static Set<String> lost(Server server, Set<String> told) throws SQLException {
    Set<String> lost = new HashSet<>(told);
    try (var connection = server.connect(Field.DATABASE);
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT external_id FROM transaction UNION ALL SELECT external_id FROM refusal")) {
      while (rows.next()) {
        lost.remove(rows.getString(1));
      }
    }
    return lost;
  }
}
