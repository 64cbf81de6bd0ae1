package points.bench;

import java.nio.ByteBuffer;

/** What is sent, and what becomes of the answers. Used by one thread. */
interface Traffic {
  /** The next request to send, whole, from its request line to the end of its body. */
  Request next();

  /**
   * A request as it is sent.
   *
   * @param bytes to be sent, from position to limit, which stay as they are
   * @param operations how many operations it holds
   * @param token handed back with the answer
   */
  record Request(ByteBuffer bytes, int operations, Object token) {
    Request(byte[] bytes, int operations, Object token) {
      this(ByteBuffer.wrap(bytes), operations, token);
    }
  }

  /**
   * An answer has come.
   *
   * @param body from position to limit; valid during the call only
   * @return how many of its operations succeeded
   */
  int answered(Request request, int status, ByteBuffer body);

  /** Whether everything has been sent; then the load ends before its time. */
  default boolean isOver() {
    return false;
  }
}
