package points.trials;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;

/** Calls to both processes of a field, whoever makes them. Thread-safe. */
public final class Api implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How often somebody who is told to come back does so. */
  private static final int TRIES = 200;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Field field;

  /** For the processes of a field. */
  public Api(Field field) {
    this.field = field;
  }

  /**
   * Sends a body to one of the processes, once.
   *
   * @param turn of which process it is: any number
   * @throws IOException if there is no answer
   */
  public Reply post(int turn, String source, String path, String body)
      throws IOException, InterruptedException {
    List<Node> nodes = field.nodes();
    HttpRequest request =
        HttpRequest.newBuilder(nodes.get(Math.floorMod(turn, nodes.size())).url().resolve(path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + Field.key(source))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return Reply.of(http.send(request, HttpResponse.BodyHandlers.ofString()));
  }

  /**
   * Sends a body until its outcome is known. Only for what has an external id.
   *
   * @throws AssertionError if that does not come to an end
   */
  public Reply insist(int turn, String source, String path, String body)
      throws InterruptedException {
    for (int i = 0; i < TRIES; i++) {
      try {
        Reply reply = post(turn + i, source, path, body);
        if (!reply.isUnknown()) {
          return reply;
        }
      } catch (IOException e) {
        // No answer: the next process then.
      }
      Thread.sleep(50);
    }
    throw new AssertionError("never answered: " + path + " " + body);
  }

  /**
   * The results of a batch, one for each operation. Those that are told to come back do so.
   *
   * @throws AssertionError if the batch as a whole is not answered so
   */
  public List<Result> batch(int turn, String source, List<Item> items) throws InterruptedException {
    List<Result> results = once(turn, source, items);
    for (int i = 1; results.stream().anyMatch(Result::isUnknown); i++) {
      if (i == TRIES) {
        throw new AssertionError("never decided: " + results);
      }
      Thread.sleep(50);
      List<Item> left = results.stream().filter(Result::isUnknown).map(Result::item).toList();
      Iterator<Result> more = once(turn + i, source, left).iterator();
      results = results.stream().map(r -> r.isUnknown() ? more.next() : r).toList();
    }
    return results;
  }

  private List<Result> once(int turn, String source, List<Item> items) throws InterruptedException {
    return Item.results(items, insist(turn, source, "/internal/batch", Item.batch(items)), source);
  }

  /**
   * Sends an operation on its own, until its outcome is known.
   *
   * @throws AssertionError if that does not come to an end
   */
  public Reply alone(int turn, String source, Item item) throws InterruptedException {
    return insist(turn, source, "/internal/" + item.verb(), item.body());
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
