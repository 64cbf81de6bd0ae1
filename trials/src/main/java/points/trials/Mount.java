package points.trials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file system of a trial's own.
 *
 * @param place where it is mounted
 */
public record Mount(Path place) implements AutoCloseable {
  /** One in memory, of at most so many megabytes. */
  public static Mount memory(Path place, int megabytes) throws IOException {
    Files.createDirectories(place);
    Programs.run(
        "mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", place.toString());
    return new Mount(place);
  }

  /** Makes an image with an empty ext4 in it. */
  public static void format(Path image, int megabytes) throws IOException {
    Programs.run("truncate", "-s", megabytes + "M", image.toString());
    Programs.run("mkfs.ext4", "-q", "-F", image.toString());
  }

  /** What is in an image of ext4. Its journal is written by fsync alone, as far as we can help. */
  public static Mount image(Path image, Path place) throws IOException {
    Files.createDirectories(place);
    Programs.run("mount", "-o", "loop,commit=300", image.toString(), place.toString());
    return new Mount(place);
  }

  @Override
  public void close() {
    for (int attempt = 0; attempt < 50; attempt++) {
      try {
        Programs.run("umount", place.toString());
        return;
      } catch (IOException e) {
        Server.pause(100); // a process that was killed is still about to go
      }
    }
  }
}
