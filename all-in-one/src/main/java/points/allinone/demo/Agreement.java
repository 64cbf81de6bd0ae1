package points.allinone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;

/** Whether Points has credited what Connect has decided, and nothing else. */
final class Agreement {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Stage stage;

  Agreement(Stage stage) {
    this.stage = stage;
  }

  /** How many differences there are, once nothing is under way. */
  int differences() throws IOException, InterruptedException {
    return settled().path("differences").size();
  }

  /**
   * Says how it stands.
   *
   * @param before how many differences there were before, such as credits made by hand
   * @throws DemoFailed if there are more now
   */
  void require(int before, PrintStream out) throws IOException, InterruptedException {
    JsonNode body = settled();
    int now = body.path("differences").size();
    if (now > before) {
      throw new DemoFailed("Connect and Points differ: " + body.path("differences"));
    }
    out.printf(
        "%nConnect and Points agree: %,d rewards, %,d credits, %s%n",
        body.path("actions").path("count").asLong(),
        body.path("credits").path("count").asLong(),
        inWords(now));
  }

  private static String inWords(int differences) {
    return switch (differences) {
      case 0 -> "0 differences";
      case 1 -> "1 difference that was there before";
      default -> differences + " differences that were there before";
    };
  }

  private JsonNode settled() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Stage.Answer answer = stage.get(Stage.Of.CONNECT, "admin", "/reconciliation");
      if (answer.status() != 200) {
        throw new DemoFailed("the reconciliation answered " + answer.body());
      }
      JsonNode body = answer.body();
      if (body.path("complete").asBoolean() && body.path("in_flight").asLong() == 0) {
        return body;
      }
      if (System.nanoTime() > deadline) {
        throw new DemoFailed("rewards stay under way: " + body);
      }
      Thread.sleep(PAUSE);
    }
  }
}
