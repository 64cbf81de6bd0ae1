package points.trials;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What the JVM learns from one start of all services, kept beside the jars: it halves what every
 * later start takes, and processes that are killed are started by the hundred (JEP 514). Without it
 * they start as well, only slower.
 */
public final class Rehearsal {
  private static final int SECONDS_MAX = 120;

  private Rehearsal() {}

  /** The flags with which services start; what was rehearsed holds for these alone. */
  public static List<String> flags() {
    return List.of(
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow");
  }

  /** The flag to start with, if it has been rehearsed. */
  public static List<String> learned() {
    Path cache = cache();
    return Files.exists(cache) ? List.of("-XX:AOTCache=" + cache) : List.of();
  }

  private static Path cache() {
    String first = System.getProperty("java.class.path").split(File.pathSeparator, 2)[0];
    return Path.of(first).toAbsolutePath().resolveSibling("services.aot");
  }

  /** Rehearses, once for each build. */
  static void hold(Path folder) throws IOException, InterruptedException {
    Path cache = cache();
    if (Files.exists(cache) || !Files.isWritable(cache.getParent())) {
      return;
    }
    Path made = folder.resolve("services.aot");
    List<String> command = new ArrayList<>(List.of(Daemon.java(), "-Xmx256m"));
    command.addAll(flags());
    command.addAll(
        List.of(
            "-XX:AOTCacheOutput=" + made,
            "-cp",
            System.getProperty("java.class.path"),
            "points.allinone.Main",
            "run",
            "--data",
            folder.resolve("rehearsal").toString(),
            "--port",
            "0",
            "--until-ready"));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("rehearsal.log").toFile())
            .start();
    if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    if (Files.exists(made)) {
      // Another run may rehearse at the same time: the last one wins, and both are as good.
      Path beside = cache.resolveSibling("services.aot." + process.pid());
      Files.copy(made, beside);
      Files.move(beside, cache, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
