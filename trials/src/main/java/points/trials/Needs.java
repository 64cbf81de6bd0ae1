package points.trials;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/** What a machine must have for a trial. */
@FunctionalInterface
public interface Needs {
  /** Nothing but what the project brings. */
  Needs NOTHING = Optional::empty;

  /** What is missing and how to get it, or empty. */
  Optional<String> missing();

  /** These programs, by the Debian packages that they come in. */
  static Needs programs(SequencedMap<String, String> packages) {
    return () -> {
      List<String> lacking =
          packages.entrySet().stream()
              .filter(e -> Programs.find(e.getKey()).isEmpty())
              .map(e -> e.getKey() + " (package " + e.getValue() + ")")
              .toList();
      return lacking.isEmpty()
          ? Optional.empty()
          : Optional.of("install " + String.join(" and ", lacking));
    };
  }

  /** One program, by the Debian package that it comes in. */
  static Needs program(String name, String comesIn) {
    SequencedMap<String, String> one = new TreeMap<>();
    one.put(name, comesIn);
    return programs(one);
  }

  /** The right to mount; tried with a small file system in memory. */
  static Needs mounting() {
    return () -> {
      if (new UnixSystem().getUid() != 0) {
        return Optional.of("run as root: file systems have to be mounted");
      }
      try {
        Path place = Files.createTempDirectory("mount");
        try {
          Programs.run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place.toString());
          Programs.run("umount", place.toString());
        } finally {
          Files.delete(place);
        }
        return Optional.empty();
      } catch (IOException e) {
        return Optional.of("allow mounting: " + e.getMessage());
      }
    };
  }

  /** Both. */
  default Needs and(Needs other) {
    return () -> missing().or(other::missing);
  }
}
