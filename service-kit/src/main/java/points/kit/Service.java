package points.kit;

/** A service that runs, by itself or beside others in one process. Thread-safe. */
public interface Service extends AutoCloseable {
  /** The address, for people and for the other services, like {@code http://127.0.0.1:8080}. */
  String url();

  /** The API keys of the callers. */
  ApiKeys keys();

  /**
   * Says from now on that it is not ready, and serves on: the first step of going down, for several
   * services to take together. {@link #close} takes it, too.
   */
  void notReady();

  /** Stops in order: no more requests, then what was accepted is finished, then the rest. */
  @Override
  void close();
}
