package points.kit;

/** Answers a call on a virtual thread of its own, so it may wait as it likes. */
@FunctionalInterface
public interface BlockingHandler {

  /**
   * Does the work.
   *
   * @throws Exception what {@link Problems} maps to an answer
   */
  Answer handle(Call call) throws Exception;
}
