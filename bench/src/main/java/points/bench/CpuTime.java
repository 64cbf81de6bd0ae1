package points.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The processor time of processes, from Linux's accounting (proc(5), {@code /proc/PID/stat}), in
 * units of 10 ms. Stateless.
 */
final class CpuTime {
  private static final long MILLIS_PER_TICK = 10; // USER_HZ is 100 on every Linux that Java runs on

  private CpuTime() {}

  /** What a process has used itself. */
  static Duration of(long pid) throws IOException {
    List<String> stat = stat(pid);
    return ticks(stat.get(11), stat.get(12));
  }

  /** What a process, its children that live and those that it has buried have used. */
  static Duration ofTree(long pid) throws IOException {
    while (true) {
      List<String> stat = stat(pid);
      Duration own = ticks(stat.get(11), stat.get(12));
      Duration buried = ticks(stat.get(13), stat.get(14));
      Duration living = ofChildren(pid);
      List<String> now = stat(pid);
      // A child that was buried meanwhile would be missed, or counted twice.
      if (buried.equals(ticks(now.get(13), now.get(14)))) {
        return own.plus(buried).plus(living);
      }
    }
  }

  private static Duration ofChildren(long pid) {
    List<ProcessHandle> children =
        ProcessHandle.of(pid).map(p -> p.children().toList()).orElse(List.of());
    Duration sum = Duration.ZERO;
    for (ProcessHandle child : children) {
      sum = sum.plus(ofTreeOrNone(child.pid()));
    }
    return sum;
  }

  private static Duration ofTreeOrNone(long pid) {
    try {
      return ofTree(pid);
    } catch (IOException e) {
      return Duration.ZERO; // it has just ended, so its parent has its time
    }
  }

  /** What the children have used that this process has buried. */
  static Duration ofBuried() throws IOException {
    List<String> stat = stat(ProcessHandle.current().pid());
    return ticks(stat.get(13), stat.get(14));
  }

  /** The resident memory of a process, in bytes. */
  static long residentBytes(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    throw new IOException("process " + pid + " has no memory: it has ended");
  }

  /** The fields after the name, which may have spaces itself. */
  private static List<String> stat(long pid) throws IOException {
    String line = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return List.of(line.substring(line.lastIndexOf(')') + 2).split(" ", -1));
  }

  private static Duration ticks(String user, String system) {
    return Duration.ofMillis((Long.parseLong(user) + Long.parseLong(system)) * MILLIS_PER_TICK);
  }
}
