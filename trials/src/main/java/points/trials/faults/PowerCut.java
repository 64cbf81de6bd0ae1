package points.trials.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import points.trials.Field;
import points.trials.Mount;
import points.trials.Needs;
import points.trials.Programs;
import points.trials.Server;
import points.trials.Stage;
import points.trials.Storm;
import points.trials.Trial;

/**
 * The power goes: PostgreSQL stores on a loop-mounted ext4 whose image is copied in the middle of
 * the storm. What had not been written to that disk is not in the copy, which no {@code kill -9}
 * achieves: the page cache survives it. The database recovers from the copy, and what anybody had
 * been told by then must be in it.
 */
public final class PowerCut {
  private static final int IMAGE_MEGABYTES = 900;

  private final Stage stage;
  private final Path image;
  private int cuts;

  private PowerCut(Stage stage) {
    this.stage = stage;
    this.image = stage.folder().resolve("disk.img");
  }

  /** The trial. */
  public static Trial trial() {
    PowerCut[] now = new PowerCut[1];
    return new Storm(
        "power-cuts",
        "what is acknowledged is on the disk, not in a cache",
        new Storm.Strikes("cuts", 5, 20, 100),
        (field, random) -> now[0].strike(field, random),
        stage -> {
          now[0] = new PowerCut(stage);
          return now[0].open();
        },
        Needs.mounting().and(Needs.programs(new TreeMap<>(Map.of("mkfs.ext4", "e2fsprogs")))));
  }

  private Field open() throws IOException, SQLException {
    Mount.format(image, IMAGE_MEGABYTES);
    Mount disk = Mount.image(image, stage.folder().resolve("disk"));
    try {
      Path data = disk.place().resolve("data");
      Map<String, String> small = Map.of("max_wal_size", "200MB", "min_wal_size", "80MB");
      Server server = Server.create(stage.programs(), data, small);
      return Field.open(stage, server, Map.of()).with(disk);
    } catch (IOException | SQLException | RuntimeException e) {
      disk.close();
      throw e;
    }
  }

  private void strike(Field field, SplittableRandom random) throws Exception {
    Path copy = stage.folder().resolve("cut" + cuts++ + ".img");
    Thread.sleep(random.nextInt(500));
    Set<String> told = field.acknowledged();
    // Nobody writes while the image is copied: a disk without power changes no more.
    field.server().pause();
    try {
      Programs.run("cp", "--sparse=always", image.toString(), copy.toString());
    } finally {
      field.server().resume();
    }
    try (Mount disk = Mount.image(copy, stage.folder().resolve("cut"));
        Server recovered = Server.on(stage.programs(), disk.place().resolve("data"), Map.of())) {
      Files.deleteIfExists(recovered.data().resolve("postmaster.pid"));
      recovered.start();
      require(recovered, told);
      recovered.stop();
    }
    Files.delete(copy);
  }

  private static void require(Server recovered, Set<String> told)
      throws SQLException, InterruptedException {
    Set<String> lost = Standbys.lost(recovered, told);
    if (!lost.isEmpty()) {
      throw new AssertionError(lost.size() + " acknowledged operations lost: " + lost);
    }
    var findings = recovered.verify(Field.DATABASE);
    if (!findings.isEmpty()) {
      throw new AssertionError("after the cut: " + findings);
    }
  }
}
