package points.purchases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;
import points.client.Balance;
import points.service.contract.Answer;
import points.service.contract.ApiClient;

/**
 * Kills the process of a selling service, by SIGKILL, when every saga has come to a call to Points:
 * once right before Points does what was called for, and once right after. Every purchase must end
 * where it was going, and agree with Points.
 */
public final class CrashStories implements AutoCloseable {
  /** What a buyer has who held 100 of 150 points. */
  public static final Balance HELD = new Balance(50, 100, 0, 0, 150);

  /** What a buyer has who spent 100 of 150 points. */
  public static final Balance SPENT = new Balance(50, 0, 0, 0, 50);

  /** What a buyer has whose 100 of 150 points are back. */
  public static final Balance BACK = new Balance(150, 0, 0, 0, 150);

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /**
   * A service under test.
   *
   * @param name such as {@code quest}
   * @param aggregate what its purchases are called, such as {@code purchase}
   * @param events which event tells of which state
   */
  public record Service(
      Class<?> main, String name, String aggregate, Map<String, String> events, Orderer orderer) {
    /** Copies. */
    public Service {
      events = Map.copyOf(events);
    }

    String path(String id) {
      return "/" + aggregate + "s/" + id;
    }
  }

  /** How something is ordered. */
  @FunctionalInterface
  public interface Orderer {
    /** Offers something new that costs 100 points, and orders it. */
    Answer order(ApiClient admin, ApiClient app, String payment, String user, String requestId);
  }

  /**
   * A purchase whose service dies.
   *
   * @param asked what is asked of it, one after the other; nothing for its order itself
   * @param dies at which call to Points
   * @param ends in which state
   */
  public record Story(
      String payment, List<String> asked, String dies, String ends, Balance balance) {
    /** Copies. */
    public Story {
      asked = List.copyOf(asked);
    }
  }

  /** A purchase whose service is dead or about to be, and the call that nobody answers. */
  private record Left(
      Story story, KillingWire.When when, String user, String requestId, Future<Answer> call) {
    void requireUnanswered() {
      assertThat(call)
          .as(toString())
          .failsWithin(PATIENCE)
          .withThrowableThat()
          .withCauseInstanceOf(UncheckedIOException.class);
    }

    @Override
    public String toString() {
      return story + " dying " + when + " it";
    }
  }

  private final Surroundings around;
  private final Service service;
  private final KillingWire wire;
  private final Path output;
  private final String adminKey;
  private final String appKey;
  private SellerProcess process;

  private CrashStories(Surroundings around, Service service, Path folder) {
    this.around = around;
    this.service = service;
    this.wire = new KillingWire(around.pointsUrl());
    this.output = folder.resolve(service.name() + ".log");
    this.process = start();
    this.adminKey = around.serviceKey("admin");
    this.appKey = around.serviceKey("app");
  }

  /**
   * Fails unless every story ends as it should, from both sides of the call at which it dies.
   *
   * @param folder for the output of the processes
   */
  public static void play(Service service, Path folder, List<Story> stories) {
    try (Surroundings around = new Surroundings(service.name());
        CrashStories play = new CrashStories(around, service, folder)) {
      List<Left> left = new ArrayList<>();
      for (KillingWire.When when : KillingWire.When.values()) {
        stories.forEach(story -> left.add(play.tell(story, when)));
        play.die();
      }
      left.forEach(Left::requireUnanswered);
      left.forEach(play::requireEnd);
    }
  }

  private SellerProcess start() {
    Map<String, String> settings = new HashMap<>(around.settings());
    settings.put("points.url", wire.url().toString());
    return SellerProcess.start(service.main(), service.name(), settings, output);
  }

  private Left tell(Story story, KillingWire.When when) {
    String user = around.user(150);
    String requestId = Surroundings.requestId();
    if (story.asked().isEmpty()) {
      return stopped(
          story, when, user, requestId, ':' + user + '"', () -> order(story, user, requestId));
    }
    order(story, user, requestId);
    String id = around.purchaseId(requestId);
    story.asked().subList(0, story.asked().size() - 1).forEach(earlier -> act(id, earlier));
    return stopped(story, when, user, requestId, id, () -> act(id, story.asked().getLast()));
  }

  /** Makes the call on whose way the service comes to where it dies. */
  private Left stopped(
      Story story,
      KillingWire.When when,
      String user,
      String requestId,
      String mark,
      Callable<Answer> call) {
    CountDownLatch reached = wire.stopAt(story.dies(), when, mark);
    FutureTask<Answer> answer = new FutureTask<>(call);
    Thread.ofVirtual().start(answer);
    Left left = new Left(story, when, user, requestId, answer);
    await(left.toString()).atMost(PATIENCE).until(() -> reached.getCount() == 0);
    return left;
  }

  private void die() {
    process.kill();
    wire.callerDied();
    process = start();
  }

  private Answer order(Story story, String user, String requestId) {
    ApiClient anonymous = process.anonymous();
    return service
        .orderer()
        .order(anonymous.as(adminKey), anonymous.as(appKey), story.payment(), user, requestId);
  }

  private Answer act(String id, String action) {
    return app().post(service.path(id) + "/" + action, Map.of());
  }

  private ApiClient app() {
    return process.anonymous().as(appKey);
  }

  private void requireEnd(Left left) {
    String id = around.purchaseId(left.requestId());
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(app().get(service.path(id)).text("state"))
                    .as(left.toString())
                    .isEqualTo(left.story().ends()));
    assertThat(around.balance(left.user())).as(left.toString()).isEqualTo(left.story().balance());
    String event = service.events().get(left.story().ends());
    if (event != null) {
      String subject = service.aggregate() + ":" + id;
      await()
          .atMost(PATIENCE)
          .until(() -> around.receiver().taken(event, subject).size(), Predicate.isEqual(1));
    }
  }

  @Override
  public void close() {
    process.close();
    wire.close();
  }
}
