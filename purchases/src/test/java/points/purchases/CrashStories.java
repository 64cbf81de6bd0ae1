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
import java.util.function.Predicate;
import java.util.function.Supplier;
import points.client.Balance;
import points.service.contract.Answer;
import points.service.contract.ApiClient;

/**
 * Kills the process of a selling service, by SIGKILL, right before and right after each call to
 * Points of every saga. Every purchase must end where it was going, and agree with Points.
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

  private record Left(Story story, KillingWire.When when, String user, String requestId) {}

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
      for (Story story : stories) {
        for (KillingWire.When when : KillingWire.When.values()) {
          left.add(play.tell(story, when));
        }
      }
      left.forEach(play::requireEnd);
    }
  }

  private SellerProcess start() {
    Map<String, String> settings = new HashMap<>(around.settings());
    settings.put("points.url", wire.url().toString());
    return SellerProcess.start(service.main(), service.name(), settings, output);
  }

  private Left tell(Story story, KillingWire.When when) {
    Left left = new Left(story, when, around.user(150), Surroundings.requestId());
    if (story.asked().isEmpty()) {
      wire.killAt(story.dies(), when, process::kill);
      requireDead(() -> order(left));
    } else {
      order(left);
      String id = around.purchaseId(left.requestId());
      for (String earlier : story.asked().subList(0, story.asked().size() - 1)) {
        act(id, earlier);
      }
      wire.killAt(story.dies(), when, process::kill);
      requireDead(() -> act(id, story.asked().getLast()));
    }
    process = start();
    return left;
  }

  private Answer order(Left left) {
    ApiClient anonymous = process.anonymous();
    return service
        .orderer()
        .order(
            anonymous.as(adminKey),
            anonymous.as(appKey),
            left.story().payment(),
            left.user(),
            left.requestId());
  }

  private Answer act(String id, String action) {
    return app().post(service.path(id) + "/" + action, Map.of());
  }

  private ApiClient app() {
    return process.anonymous().as(appKey);
  }

  private void requireDead(Supplier<Answer> call) {
    try {
      throw new IllegalStateException("not dead: " + call.get());
    } catch (UncheckedIOException e) {
      await().until(() -> !process.isAlive());
    }
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
