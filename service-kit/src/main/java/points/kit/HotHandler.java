package points.kit;

import java.util.concurrent.CompletionStage;

/**
 * Answers a call on the event loop. It must return at once, and never wait: it parses, hands the
 * work on, and completes its answer from whatever thread later.
 */
@FunctionalInterface
public interface HotHandler {

  /**
   * Starts the work.
   *
   * @return completes with the answer, or with the failure that {@link Problems} maps
   * @throws RuntimeException instead of a failed completion, for instance {@link ProblemException}
   */
  CompletionStage<Answer> handle(Call call);
}
