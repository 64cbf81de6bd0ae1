package points.allinone;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux holds of a file in its memory, by {@code cachestat(2)}, which 6.5 brought. */
final class PageCache {
  /** The call's number is the same on all architectures. */
  private static final long CACHESTAT = 451;

  /**
   * Of {@code struct cachestat}: nr_cache, nr_dirty, nr_writeback, nr_evicted, nr_recently_evicted.
   */
  private static final int FIELDS = 5;

  private static final int NR_DIRTY = 1;
  private static final int NR_WRITEBACK = 2;

  private static final MethodHandle SYSCALL =
      CLibrary.function(
          "syscall",
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT),
          Linker.Option.firstVariadicArg(1));

  private PageCache() {}

  /** How many pages of the file are not on disk yet; -1 where the system cannot tell. */
  static long dirtyPages(Path file) {
    if (!Files.exists(file)) {
      throw new IllegalArgumentException(file + " does not exist");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment wholeFile = arena.allocate(JAVA_LONG, 2); // from 0, and 0 is "to its end"
      MemorySegment counts = arena.allocate(JAVA_LONG, FIELDS);
      long status =
          CLibrary.withFile(
              file,
              descriptor ->
                  (long) SYSCALL.invokeExact(CACHESTAT, descriptor, wholeFile, counts, 0));
      return status < 0
          ? -1
          : counts.getAtIndex(JAVA_LONG, NR_DIRTY) + counts.getAtIndex(JAVA_LONG, NR_WRITEBACK);
    }
  }
}
