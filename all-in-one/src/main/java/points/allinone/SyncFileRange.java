package points.allinone;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Linux's {@code sync_file_range(2)}, only to begin writing: it waits for nothing, and takes no
 * error of the disk away from those who wait for the same pages. An {@code fsync} of ours would:
 * Linux tells an error only once to whoever opens the file after it, and PostgreSQL's checkpoint
 * must hear of it. Thread-safe.
 */
final class SyncFileRange {
  /** {@code SYNC_FILE_RANGE_WRITE} and {@code O_RDONLY} in Linux's headers. */
  private static final int WRITE = 2;

  private static final int READ_ONLY = 0;

  private final MethodHandle open;
  private final MethodHandle sync;
  private final MethodHandle close;

  private SyncFileRange(MethodHandle open, MethodHandle sync, MethodHandle close) {
    this.open = open;
    this.sync = sync;
    this.close = close;
  }

  /** {@code null} where the C library has no such function: it is Linux's own. */
  static @Nullable SyncFileRange ifSupported() {
    Linker linker = Linker.nativeLinker();
    if (linker.defaultLookup().find("sync_file_range").isEmpty()) {
      return null;
    }
    return new SyncFileRange(
        function(
            "open",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
            Linker.Option.firstVariadicArg(2)),
        function(
            "sync_file_range",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT)),
        function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT)));
  }

  @SuppressWarnings("restricted") // the JVM is started with --enable-native-access
  private static MethodHandle function(
      String name, FunctionDescriptor type, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
  }

  /**
   * Has the changed pages of a part of a file written soon. If the file is gone or the system
   * declines, nothing is lost: they are written when the system comes to it.
   */
  void begin(Path file, long offset, long length) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(file.toString());
      int descriptor = (int) open.invokeExact(path, READ_ONLY);
      if (descriptor >= 0) {
        int unused = (int) sync.invokeExact(descriptor, offset, length, WRITE);
        unused = (int) close.invokeExact(descriptor);
      }
    } catch (Throwable e) {
      throw new IllegalStateException("sync_file_range cannot be called", e);
    }
  }
}
