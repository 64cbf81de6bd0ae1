package points.allinone;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Functions of the C library that Java has nothing for. Thread-safe. */
final class CLibrary {
  /** What to do with a file's descriptor. */
  interface Use {
    /** Called while the file is open. */
    long of(int descriptor) throws Throwable;
  }

  /** {@code O_RDONLY} in Linux's headers. */
  private static final int READ_ONLY = 0;

  private static final MethodHandle OPEN =
      function(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private CLibrary() {}

  /** A function, or {@code null} if this system has none of that name. */
  @SuppressWarnings("restricted") // the JVM is started with --enable-native-access
  static @Nullable MethodHandle find(
      String name, FunctionDescriptor type, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find(name)
        .map(address -> linker.downcallHandle(address, type, options))
        .orElse(null);
  }

  /** A function that every C library has. */
  static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
    return Objects.requireNonNull(find(name, type, options), name);
  }

  /**
   * Opens a file for reading, as Java keeps a file's descriptor to itself, and closes it again.
   *
   * @return what {@code use} returns; -1 if the file cannot be opened
   */
  static long withFile(Path file, Use use) {
    try (Arena arena = Arena.ofConfined()) {
      int descriptor = (int) OPEN.invokeExact(arena.allocateFrom(file.toString()), READ_ONLY);
      if (descriptor < 0) {
        return -1;
      }
      try {
        return use.of(descriptor);
      } finally {
        int unused = (int) CLOSE.invokeExact(descriptor);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("the C library cannot be called", e);
    }
  }
}
