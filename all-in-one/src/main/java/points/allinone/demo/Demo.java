package points.allinone.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.util.function.Function;

/** The demonstration. */
public final class Demo {
  private Demo() {}

  /**
   * Tells the mission's story on a system that runs on this machine, checking each balance, and in
   * the end that Connect and Points agree.
   *
   * @param port of its Points Service; the others count from it
   * @param keys the API key of each caller
   * @param out gets the story
   * @throws IOException if something comes out otherwise than it should, or nothing answers
   */
  public static void play(int port, Function<String, String> keys, PrintStream out)
      throws IOException, InterruptedException {
    String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    try (Stage stage = new Stage(port, keys)) {
      int before = new Agreement(stage).differences();
      new Story(stage, out, run).tell();
      new Agreement(stage).require(before, out);
    } catch (ConnectException e) {
      throw new IOException(
          "nothing answers at http://127.0.0.1:" + port + ": start ./points run first", e);
    }
  }
}
