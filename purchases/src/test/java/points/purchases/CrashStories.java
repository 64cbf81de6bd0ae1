package points.purchases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import points.client.Balance;
import points.client.Operation;
import points.service.contract.Answer;

/**
 * Kills a selling service right before and right after each call to Points of every saga. Every
 * purchase must end where it was going, and agree with Points.
 */
public final class CrashStories {
  /** What a buyer has who held 100 of 150 points. */
  public static final Balance HELD = new Balance(50, 100, 0, 0, 150);

  /** What a buyer has who spent 100 of 150 points. */
  public static final Balance SPENT = new Balance(50, 0, 0, 0, 50);

  /** What a buyer has whose 100 of 150 points are back. */
  public static final Balance BACK = new Balance(150, 0, 0, 0, 150);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A service under test. */
  public interface Seller extends AutoCloseable {
    /** Orders something new that costs 100 points. */
    Answer order(String payment, String user, String requestId);

    /** Asks something of a purchase. */
    Answer act(String purchase, String action);

    /** How a purchase stands. */
    Answer purchase(String id);

    @Override
    void close();
  }

  /** Starts the service. */
  @FunctionalInterface
  public interface Starter {
    /** Starts it with these settings beside the usual, and calls to Points unless null. */
    Seller start(Map<String, String> settings, @Nullable PointsCalls calls);
  }

  /**
   * A purchase that dies.
   *
   * @param asked what is asked of it, one after the other; nothing for its order itself
   * @param dies at which operation
   * @param ends in which state
   */
  public record Story(
      String payment,
      List<String> asked,
      Class<? extends Operation> dies,
      String ends,
      Balance balance) {
    /** Copies. */
    public Story {
      asked = List.copyOf(asked);
    }
  }

  private record Left(Story story, String user, String requestId) {}

  private CrashStories() {}

  /** Fails unless every story ends as it should, from both sides of the call at which it dies. */
  public static void play(Surroundings around, Starter starter, List<Story> stories) {
    List<Left> left = new ArrayList<>();
    CrashingCalls calls = new CrashingCalls(around.calls());
    // The recovery of the dying one rests, so that it cannot mend what it is to leave behind.
    try (Seller dying = starter.start(Map.of("recovery.interval", "10m"), calls)) {
      for (Story story : stories) {
        for (CrashingCalls.When when : CrashingCalls.When.values()) {
          left.add(tell(dying, calls, around, story, when));
        }
      }
    }
    try (Seller again = starter.start(Map.of(), null)) {
      left.forEach(one -> requireEnd(again, around, one));
    }
  }

  private static Left tell(
      Seller dying,
      CrashingCalls calls,
      Surroundings around,
      Story story,
      CrashingCalls.When when) {
    String user = around.user(150);
    String requestId = Surroundings.requestId();
    if (story.asked().isEmpty()) {
      calls.dieAt(story.dies(), when);
      requireDead(() -> dying.order(story.payment(), user, requestId));
    } else {
      dying.order(story.payment(), user, requestId);
      String id = around.purchaseId(requestId);
      for (String earlier : story.asked().subList(0, story.asked().size() - 1)) {
        dying.act(id, earlier);
      }
      calls.dieAt(story.dies(), when);
      requireDead(() -> dying.act(id, story.asked().getLast()));
    }
    calls.dieAt(null, when);
    return new Left(story, user, requestId);
  }

  /** The thread that dies cannot answer; to the caller that is a 500, which no contract has. */
  private static void requireDead(Supplier<Answer> call) {
    try {
      throw new IllegalStateException("not dead: " + call.get());
    } catch (AssertionError e) {
      assertThat(e).hasMessageContaining("500");
    }
  }

  private static void requireEnd(Seller again, Surroundings around, Left left) {
    String id = around.purchaseId(left.requestId());
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(again.purchase(id).text("state"))
                    .as(left.toString())
                    .isEqualTo(left.story().ends()));
    assertThat(around.balance(left.user())).as(left.toString()).isEqualTo(left.story().balance());
  }
}
