package points.allinone;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Linux's {@code sync_file_range(2)}, only to begin writing: it waits for nothing, and takes no
 * error of the disk away from those who wait for the same pages. An {@code fsync} of ours would:
 * Linux tells an error only once to whoever opens the file after it, and PostgreSQL's checkpoint
 * must hear of it. Thread-safe.
 */
record SyncFileRange(MethodHandle function) {
  /** {@code SYNC_FILE_RANGE_WRITE} in Linux's headers. */
  private static final int WRITE = 2;

  /** {@code null} where the C library has no such function: it is Linux's own. */
  static @Nullable SyncFileRange ifSupported() {
    MethodHandle function =
        CLibrary.find(
            "sync_file_range",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    return function == null ? null : new SyncFileRange(function);
  }

  /**
   * Has the changed pages of a part of a file written soon. If the file is gone or the system
   * declines, nothing is lost: they are written when the system comes to it.
   */
  void begin(Path file, long offset, long length) {
    long unused =
        CLibrary.withFile(
            file, descriptor -> (int) function.invokeExact(descriptor, offset, length, WRITE));
  }
}
