package points.trials.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import points.trials.Field;
import points.trials.Mount;
import points.trials.Needs;
import points.trials.Programs;
import points.trials.Server;
import points.trials.Stage;
import points.trials.Storm;
import points.trials.Trial;

/** Disks that lose power, are full or fail. */
public final class Disks {
  private static final int WHOLE_MEGABYTES = 700;
  private static final int WAL_MEGABYTES = 130;

  private Disks() {}

  /** A trial for each. */
  public static List<Trial> trials() {
    return List.of(
        PowerCut.trial(),
        new Storm(
            "disk-full",
            "a full disk makes callers come back later; nothing acknowledged is lost",
            new Storm.Strikes("full disks", 2, 10, 50),
            (field, random) -> fill(field, random, field.server().data()),
            Disks::onSmallDisk,
            Needs.mounting()),
        new Storm(
            "wal-full",
            "a full disk under the log makes callers come back later",
            new Storm.Strikes("full disks", 2, 10, 50),
            (field, random) -> fill(field, random, field.server().data().resolve("pg_wal")),
            Disks::withSmallWal,
            Needs.mounting()),
        new Storm(
            "fsync-errors",
            "a disk that fails to write acknowledges nothing",
            new Storm.Strikes("errors", 3, 20, 100),
            Disks::failFsync,
            Field::open,
            Needs.program("strace", "strace")));
  }

  private static Field onSmallDisk(Stage stage) throws IOException, SQLException {
    Mount disk = Mount.memory(stage.folder().resolve("small"), WHOLE_MEGABYTES);
    try {
      Server server =
          Server.create(
              stage.programs(),
              disk.place().resolve("data"),
              Map.of("max_wal_size", "150MB", "min_wal_size", "80MB"));
      return Field.open(stage, server, Map.of()).with(disk);
    } catch (IOException | SQLException | RuntimeException e) {
      disk.close();
      throw e;
    }
  }

  private static Field withSmallWal(Stage stage) throws IOException, SQLException {
    Mount disk = Mount.memory(stage.folder().resolve("wal"), WAL_MEGABYTES);
    try {
      Path data = stage.folder().resolve("data");
      Server server =
          Server.create(
              stage.programs(), data, Map.of("max_wal_size", "64MB", "min_wal_size", "32MB"));
      server.stop();
      Path log = disk.place().resolve("pg_wal");
      Programs.run("mv", data.resolve("pg_wal").toString(), log.toString());
      Files.createSymbolicLink(data.resolve("pg_wal"), log);
      server.start();
      return Field.open(stage, server, Map.of()).with(disk);
    } catch (IOException | SQLException | RuntimeException e) {
      disk.close();
      throw e;
    }
  }

  /** Fills the disk to the last byte for some seconds. */
  private static void fill(Field field, SplittableRandom random, Path place) throws Exception {
    Path filler = place.toRealPath().resolveSibling("filler");
    Programs.run("sh", "-c", "cat /dev/zero > " + filler + " 2>/dev/null; true");
    try {
      Thread.sleep(2_000 + random.nextInt(2_000));
    } finally {
      Files.delete(filler);
    }
    restartUnlessItRecovers(field.server());
  }

  /** Every process of PostgreSQL is told that the disk has failed, for a second or two. */
  private static void failFsync(Field field, SplittableRandom random) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "strace",
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "trace=fsync,fdatasync",
                "-e",
                "inject=fsync,fdatasync:error=EIO:when=" + (1 + random.nextInt(5)) + "+"));
    long postmaster = field.server().pid();
    command.addAll(List.of("-p", Long.toString(postmaster)));
    ProcessHandle.of(postmaster)
        .ifPresent(p -> p.descendants().forEach(b -> command.addAll(List.of("-p", "" + b.pid()))));
    Process strace =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Thread.sleep(1_000 + random.nextInt(1_000));
    strace.destroy();
    if (!strace.waitFor(20, TimeUnit.SECONDS)) {
      strace.destroyForcibly();
    }
    field.server().resume(); // a process may have been left as strace had stopped it
    restartUnlessItRecovers(field.server());
  }

  /** It recovers by itself; where it cannot, it is started anew, as an operator would. */
  private static void restartUnlessItRecovers(Server server) throws IOException {
    for (int i = 0; i < 50; i++) {
      try {
        server.ask("postgres", "SELECT 1");
        return;
      } catch (SQLException e) {
        Server.pause(200);
      }
    }
    server.kill();
    server.start();
  }
}
