package points.trials;

import org.jspecify.annotations.Nullable;

/**
 * One operation in the history: what was asked for, when, and what came of it. Its fields are
 * written by one thread at a time; a later one sees them through the history's locks.
 */
final class Call {
  final String source;
  final String path;
  final String externalId;
  final String body;
  final long invoked = System.nanoTime();
  private volatile long returned = Long.MAX_VALUE;
  private volatile @Nullable Reply reply;

  Call(String source, String path, String externalId, String body) {
    this.source = source;
    this.path = path;
    this.externalId = externalId;
    this.body = body;
  }

  /** Its outcome is known now. */
  void known(Reply answer) {
    returned = System.nanoTime();
    reply = answer;
  }

  /** When its outcome was known; {@link Long#MAX_VALUE} if it is not yet. */
  long returned() {
    return returned;
  }

  /** Its outcome, or {@code null}: unknown. */
  @Nullable Reply reply() {
    return reply;
  }

  @Override
  public String toString() {
    Reply r = reply;
    return path + " " + body + " -> " + (r == null ? "unknown" : r.status() + " " + r.text());
  }
}
