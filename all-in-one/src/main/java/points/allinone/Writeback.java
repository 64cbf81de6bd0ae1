package points.allinone;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has what PostgreSQL's tables have grown by written to disk a little at a time.
 *
 * <p>PostgreSQL makes a table longer by writing zeros, and tells nobody to write them to disk: the
 * operating system does so after half a minute, a few hundred megabytes in one go, and every commit
 * waits behind them. Pages that PostgreSQL writes later it has written early itself, by the same
 * call ({@code checkpoint_flush_after}).
 */
final class Writeback implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Writeback.class);
  private static final Duration PERIOD = Duration.ofSeconds(2);

  /** Below are PostgreSQL's own databases (its source, src/include/access/transam.h). */
  private static final int FIRST_NORMAL_OID = 16384;

  private final Path databases;
  private final SyncFileRange system;
  private final Thread thread = Thread.ofPlatform().name("writeback").daemon().unstarted(this::run);
  private Map<Path, Long> sizes;

  private Writeback(Path databases, SyncFileRange system) throws IOException {
    this.databases = databases;
    this.system = system;
    this.sizes = sizes();
  }

  /**
   * Begins with what changes from now on in PostgreSQL's own directory.
   *
   * @return {@code null} if this system cannot do it; then all is as it was without
   * @throws IOException if the directory cannot be read
   */
  static @Nullable Writeback start(Path directory) throws IOException {
    SyncFileRange system = SyncFileRange.ifSupported();
    if (system == null) {
      return null;
    }
    Writeback writeback = new Writeback(directory.resolve("base"), system);
    writeback.thread.start();
    return writeback;
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(PERIOD);
        tryPass();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it is closed
    }
  }

  private void tryPass() {
    try {
      pass();
    } catch (IOException | RuntimeException e) {
      LOG.debug("tables' growth is left to the operating system for now", e);
    }
  }

  /** Has written what has come since the last time. */
  private void pass() throws IOException {
    Map<Path, Long> before = sizes;
    sizes = sizes();
    sizes.forEach(
        (file, size) -> {
          long from = before.getOrDefault(file, 0L);
          if (from < size) {
            system.begin(file, from, size - from);
          }
        });
  }

  private Map<Path, Long> sizes() throws IOException {
    Map<Path, Long> found = new HashMap<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(databases, Writeback::isOurs)) {
      for (Path database : all) {
        addFiles(database, found);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found;
  }

  private static boolean isOurs(Path database) {
    String name = database.getFileName().toString();
    return name.matches("\\d{1,10}") && Long.parseLong(name) >= FIRST_NORMAL_OID;
  }

  private static void addFiles(Path database, Map<Path, Long> found) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(database)) {
      for (Path file : files) {
        try {
          found.put(file, Files.size(file));
        } catch (NoSuchFileException dropped) {
          // Since the directory was read.
        }
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
