package points.kit;

/**
 * One entry of the catalogue of errors. A service adds its own entries as an enum that implements
 * this; the shared ones are {@link CommonError}.
 *
 * <p>Implementations are immutable and safe for use by many threads.
 */
public interface ErrorCode {

  /**
   * The name that callers branch on: {@code [a-z][a-z0-9_]*}, unique in the catalogue, for ever.
   */
  String code();

  /** The HTTP status, 400 to 599. */
  int status();

  /** A short sentence for people that is the same for every occurrence. */
  String title();

  /** Whether the very same call may succeed later without anybody changing anything. */
  boolean retryable();
}
