package points.allinone;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * PostgreSQL's files in a data directory: its programs, its passwords and what it stores.
 *
 * @param directory where PostgreSQL stores, its own {@code PGDATA}
 */
record Cluster(Path directory, PostgresBinaries binaries, Passwords passwords) {
  /** Only this version reads what it has stored. */
  private static final String MAJOR = "18";

  private static final List<String> SETTINGS =
      List.of(
          "listen_addresses=127.0.0.1",
          "unix_socket_directories=",
          "fsync=on",
          "synchronous_commit=on",
          "full_page_writes=on",
          "max_connections=200",
          "max_wal_size=2GB",
          // Or while the log is new everybody waits until each next segment is zeroed and synced.
          "wal_init_zero=off",
          // Rarer checkpoints write fewer full pages. Compressing them would cost more than it
          // saves: the binaries have pglz only.
          "checkpoint_timeout=10min",
          "jit=off",
          "password_encryption=scram-sha-256",
          // Messages of the level "log" count as graver than warnings there.
          "log_checkpoints=off",
          "log_min_messages=warning");

  private static final long MEBIBYTE = 1024 * 1024;

  /**
   * An eighth of the memory: PostgreSQL advises a quarter of a machine of its own, and this one has
   * the services too. Within these bounds: less thrashes, and more than the indexes of a few
   * million transactions is for a server that somebody looks after.
   */
  private static final int SHARE_OF_MEMORY = 8;

  private static final long BUFFERS_MIN = 128 * MEBIBYTE;
  private static final long BUFFERS_MAX = 1024 * MEBIBYTE;

  /** Whether there is a cluster in this data directory. */
  static boolean isIn(Path home) {
    return Files.exists(version(home.resolve("postgres")));
  }

  /**
   * The cluster in {@code home}, made there if there is none.
   *
   * @throws IOException with one line that says what is wrong
   */
  static Cluster in(Path home) throws IOException {
    Path directory = home.resolve("postgres");
    if (isIn(home)) {
      requireReadable(home, directory);
      return new Cluster(directory, PostgresBinaries.in(home), Passwords.in(home));
    }
    requireEmpty(directory);
    Cluster made = new Cluster(directory, PostgresBinaries.in(home), Passwords.in(home));
    made.initialise(home);
    return made;
  }

  private static Path version(Path directory) {
    return directory.resolve("PG_VERSION");
  }

  private static void requireReadable(Path home, Path directory) throws IOException {
    String version = Files.readString(version(directory)).strip();
    if (!version.equals(MAJOR)) {
      throw new IOException(
          directory
              + " was made by PostgreSQL "
              + version
              + ", and this release comes with "
              + MAJOR
              + ": run the release that made it, or move the data with pg_dump.");
    }
    if (!Passwords.areIn(home)) {
      throw new IOException(Passwords.file(home) + " is missing: restore it from a backup.");
    }
  }

  /** A directory that is not ours is not ours to delete. */
  private static void requireEmpty(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      if (files.findAny().isPresent()) {
        throw new IOException(
            directory
                + " has files but no PG_VERSION: restore it from a backup, or move it away to"
                + " start anew.");
      }
    }
  }

  /**
   * Makes the cluster aside and moves it into place, so that a start that is killed halfway leaves
   * nothing that looks whole.
   */
  private void initialise(Path home) throws IOException {
    Path aside = home.resolve("postgres.new");
    Directories.delete(aside);
    Files.deleteIfExists(directory);
    Path passwordFile = Directories.secretFile(home, "initdb", passwords.superuser());
    try {
      binaries.run(
          "initdb",
          List.of(
              "--pgdata=" + aside,
              "--username=" + Passwords.SUPERUSER,
              "--auth=scram-sha-256",
              "--pwfile=" + passwordFile,
              "--encoding=UTF8",
              "--locale=C",
              // While the log is new, everybody waits until a next segment is there and synced.
              "--wal-segsize=4",
              "--data-checksums"),
          log());
    } finally {
      Files.deleteIfExists(passwordFile);
    }
    Directories.publish(aside, directory);
  }

  /** Where PostgreSQL writes what it has to say. */
  Path log() {
    return directory.resolveSibling("postgres.log");
  }

  /** Starts PostgreSQL on this cluster; it takes connections a moment later. */
  Process launch(int port) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-D", directory.toString(), "-p", "" + port));
    SETTINGS.forEach(setting -> arguments.addAll(List.of("-c", setting)));
    long buffers = sharedBuffers(memory());
    arguments.addAll(List.of("-c", "shared_buffers=" + buffers / MEBIBYTE + "MB"));
    return binaries.launchApart("postgres", arguments, log());
  }

  /** How many bytes of pages PostgreSQL keeps, on a machine with {@code memory} bytes. */
  static long sharedBuffers(long memory) {
    return Math.clamp(memory / SHARE_OF_MEMORY, BUFFERS_MIN, BUFFERS_MAX);
  }

  /** What this machine has, or this container may use. */
  static long memory() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }
}
