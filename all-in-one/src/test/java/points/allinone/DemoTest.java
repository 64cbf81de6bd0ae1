package points.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mission's whole story, over HTTP between all services, again and again on the same data. */
class DemoTest {
  private static final int SERVICES = 6;
  private static final Pattern RIGHT =
      Pattern.compile("the books are right: (\\d+) accounts, (\\d+) transactions, 0 findings");

  @TempDir private Path folder = Path.of("");

  @Test
  void theStoryIsToldThreeTimes() throws Exception {
    Path home = folder.resolve("data");
    String port = Integer.toString(freePorts());
    try (Installation points = Installation.start(home, "--port", port)) {
      for (int time = 1; time <= 3; time++) {
        String said = demo("--data", home.toString(), "--port", port);
        assertThat(said).contains(", 0 differences\n").endsWith("exit 0\n");
        // Each time seven more people and 21 more transactions, and no balance is an accident.
        var right = RIGHT.matcher(said);
        assertThat(right.find()).as(said).isTrue();
        assertThat(right.group(1)).isEqualTo(Integer.toString(7 * time));
        assertThat(right.group(2)).isEqualTo(Integer.toString(21 * time));
      }
      assertThat(points.output()).contains("Rielt Service");
    }
  }

  @Test
  void withoutASystemThatRunsItSaysSo() throws Exception {
    assertThat(demo("--data", folder.toString()))
        .isEqualTo(
            "points: there are no credentials in "
                + folder
                + "; start ./points run first, or give --data.\nexit 3\n");
    Files.writeString(folder.resolve("credentials.json"), "{}");
    String port = Integer.toString(freePorts());
    assertThat(demo("--data", folder.toString(), "--port", port))
        .contains("nothing answers at http://127.0.0.1:" + port + ": start ./points run first")
        .endsWith("exit 3\n");
  }

  private String demo(String... options) throws Exception {
    List<String> arguments = new java.util.ArrayList<>(List.of("demo"));
    arguments.addAll(List.of(options));
    Path out = Files.createTempFile(folder, "demo", ".out");
    Process process = Installation.launch(arguments, out, Map.of());
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    String said = Files.readString(out);
    Files.delete(out);
    return said + "exit " + process.exitValue() + "\n";
  }

  /** The first of as many ports in a row as there are services, below those that are given out. */
  private static int freePorts() {
    Random random = new Random();
    while (true) {
      int first = 20_000 + random.nextInt(10_000);
      if (areFree(first)) {
        return first;
      }
    }
  }

  private static boolean areFree(int first) {
    for (int port = first; port < first + SERVICES; port++) {
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        assertThat(socket.isBound()).isTrue();
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }
}
