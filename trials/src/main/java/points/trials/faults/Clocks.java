package points.trials.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import points.trials.Field;
import points.trials.Server;
import points.trials.Stage;
import points.trials.Storm;
import points.trials.Trial;

/** The clock of one of the two machines jumps by days, forward and back. */
public final class Clocks {
  private static final String LIBRARY = "libfaketimeMT.so.1";

  private Clocks() {}

  /** The trial. */
  public static Trial trial() {
    Path[] file = new Path[1];
    return new Storm(
        "clock",
        "a service whose clock jumps by days decides as before: the database tells the time",
        new Storm.Strikes("jumps", 6, 40, 200),
        (field, random) -> jump(file[0], random),
        stage -> {
          file[0] = stage.folder().resolve("faketime");
          return open(stage, file[0]);
        },
        () ->
            library().isPresent()
                ? Optional.empty()
                : Optional.of("install faketime (package faketime)"));
  }

  private static Optional<Path> library() {
    Path libraries = Path.of("/usr/lib");
    try (Stream<Path> files = Files.walk(libraries, 3)) {
      return files.filter(f -> f.endsWith(LIBRARY)).findFirst();
    } catch (IOException | java.io.UncheckedIOException e) {
      return Optional.empty();
    }
  }

  private static Field open(Stage stage, Path file) throws IOException, SQLException {
    Files.writeString(file, "+0");
    Server server = Server.create(stage.programs(), stage.folder().resolve("data"), Map.of());
    List<String> faked =
        List.of(
            "env",
            "LD_PRELOAD=" + library().orElseThrow(),
            "FAKETIME_TIMESTAMP_FILE=" + file,
            "FAKETIME_NO_CACHE=1",
            "DONT_FAKE_MONOTONIC=1",
            "FAKETIME_DONT_FAKE_MONOTONIC=1");
    return Field.open(stage, server, Map.of(), faked.toArray(String[]::new));
  }

  private static void jump(Path file, SplittableRandom random) throws Exception {
    int seconds = random.nextInt(-864_000, 864_000);
    Path next = file.resolveSibling("faketime.next");
    Files.writeString(next, "%+d".formatted(seconds));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Thread.sleep(1_000);
  }
}
