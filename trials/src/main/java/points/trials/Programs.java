package points.trials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import points.allinone.PostgresBinaries;

/** The programs that trials start. Thread-safe. */
public final class Programs {
  private static final List<String> PLACES =
      List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

  private final PostgresBinaries postgres;

  private Programs(PostgresBinaries postgres) {
    this.postgres = postgres;
  }

  /** Unpacks PostgreSQL into a folder. */
  static Programs in(Path folder) throws IOException {
    Files.createDirectories(folder);
    return new Programs(PostgresBinaries.in(folder));
  }

  /** PostgreSQL's own. */
  PostgresBinaries postgres() {
    return postgres;
  }

  /** A program of the system, if it is installed. */
  public static Optional<Path> find(String name) {
    List<String> places = new ArrayList<>(List.of(System.getenv("PATH").split(":", -1)));
    places.addAll(PLACES);
    return places.stream()
        .map(place -> Path.of(place, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Runs a program to its end.
   *
   * @return what it said
   * @throws IOException if it fails or takes more than a minute
   */
  public static String run(String... command) throws IOException {
    Path said = Files.createTempFile("trial", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(said.toFile())
              .start();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("takes too long: " + String.join(" ", command));
      }
      String text = Files.readString(said);
      if (process.exitValue() != 0) {
        throw new IOException(
            String.format(Locale.ROOT, "%s: %s", String.join(" ", command), text.strip()));
      }
      return text;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      Files.delete(said);
    }
  }

  /** Sends a signal, for example {@code KILL} or {@code STOP}. */
  public static void signal(String name, long pid) throws IOException {
    run("kill", "-s", name, Long.toString(pid));
  }
}
