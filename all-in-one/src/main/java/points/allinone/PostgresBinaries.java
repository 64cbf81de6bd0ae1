package points.allinone;

import com.sun.security.auth.module.UnixSystem;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** PostgreSQL's programs, unpacked once from the class path into the data directory. */
public final class PostgresBinaries {
  /**
   * For glibc's malloc: a connection keeps a few megabytes that one statement frees for the next,
   * rather than give them back to the system and take them again, page by page, each time.
   */
  private static final Map<String, String> ALLOCATOR =
      Map.of(
          "MALLOC_TOP_PAD_", "" + (1 << 20),
          "MALLOC_TRIM_THRESHOLD_", "" + (8 << 20),
          "MALLOC_MMAP_THRESHOLD_", "" + (4 << 20));

  /** The folder they are unpacked into; raise with the version in the root pom. */
  private static final String FOLDER = "pgsql-18.6.0";

  private final Path programs;

  private PostgresBinaries(Path programs) {
    this.programs = programs;
  }

  /** The programs in {@code home}, unpacked there if they are not yet. */
  public static PostgresBinaries in(Path home) throws IOException {
    Path folder = home.resolve(FOLDER);
    if (!Files.exists(folder)) {
      Path aside = home.resolve(FOLDER + ".new");
      Directories.delete(aside);
      unpack(aside);
      writeToDisk(home);
      Directories.publish(aside, folder);
    }
    return new PostgresBinaries(folder.resolve("bin"));
  }

  /**
   * A thousand files, written together: one by one takes seconds. Where there is no such program, a
   * power cut within the next half minute may cost the programs, but never data.
   */
  private static void writeToDisk(Path home) throws IOException {
    try {
      int unused =
          new ProcessBuilder("sh", "-c", "sync -f . || sync")
              .directory(home.toFile())
              .redirectErrorStream(true)
              .start()
              .waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while PostgreSQL was unpacked", e);
    }
  }

  private static void unpack(Path into) throws IOException {
    String archive = "/postgres-" + system() + "-" + processor() + ".txz";
    try (InputStream packed = PostgresBinaries.class.getResourceAsStream(archive)) {
      if (packed == null) {
        throw new IOException(
            "no PostgreSQL is shipped for this machine ("
                + archive
                + "); give one with --database-url");
      }
      try (TarArchiveInputStream tar =
          new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(packed)))) {
        for (TarArchiveEntry entry = tar.getNextEntry();
            entry != null;
            entry = tar.getNextEntry()) {
          unpack(tar, entry, into);
        }
      }
    }
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path into)
      throws IOException {
    Path target = into.resolve(entry.getName()).normalize();
    if (!target.startsWith(into)) {
      throw new IOException("the archive names a file outside of itself: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.resolveSibling("."));
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, target);
      boolean runs = (entry.getMode() & 0100) != 0;
      Files.setPosixFilePermissions(
          target, PosixFilePermissions.fromString(runs ? "rwxr-xr-x" : "rw-r--r--"));
    }
  }

  private static String system() {
    String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    return name.startsWith("mac") ? "darwin" : name.split(" ", -1)[0];
  }

  private static String processor() {
    String name = System.getProperty("os.arch", "");
    return switch (name) {
      case "amd64", "x86_64" -> "x86_64";
      case "aarch64", "arm64" -> "arm_64";
      default -> name;
    };
  }

  /**
   * Runs a program to its end.
   *
   * @throws IOException if it fails
   */
  public void run(String program, List<String> arguments, Path log) throws IOException {
    Process process = launch(program, arguments, log);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(program + " failed; see " + log + rootHint());
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + program + " ran", e);
    }
  }

  /** What to do if PostgreSQL fails for root only. */
  static String rootHint() {
    return isRoot()
        ? " (as root it needs 'unshare -U', which some containers forbid: start as an ordinary user)"
        : "";
  }

  /**
   * Starts a program in a session of its own, where the machine can: Ctrl-C at a terminal goes to
   * every process of the session, and would end a database before those who still need it.
   */
  Process launchApart(String program, List<String> arguments, Path log) throws IOException {
    return launch(isOnPath("setsid") ? List.of("setsid") : List.of(), program, arguments, log);
  }

  private static boolean isOnPath(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Starts a program; what it says goes to {@code log}. */
  public Process launch(String program, List<String> arguments, Path log) throws IOException {
    return launch(List.of(), program, arguments, log);
  }

  private Process launch(List<String> by, String program, List<String> arguments, Path log)
      throws IOException {
    List<String> command = new ArrayList<>(by);
    if (isRoot() || isNameless()) {
      // PostgreSQL refuses to run as root, or as a user whose number has no name. In a user
      // namespace of its own it does not see that it does, and keeps the rights to its files.
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(ALLOCATOR);
    return builder
        .redirectErrorStream(true)
        .redirectInput(new File("/dev/null"))
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** By number, as names can be anything. */
  private static boolean isRoot() {
    return new UnixSystem().getUid() == 0;
  }

  /** As when a container is given any user number; PostgreSQL looks the name up. */
  private static boolean isNameless() {
    return "?".equals(System.getProperty("user.name"));
  }
}
