package points.trials.hostile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who behaves well, over one connection, one call after the other: all their calls must
 * succeed, whatever others do. One thread.
 */
final class Caller implements Runnable {
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int PAUSE_MILLIS = 10;
  private static final int FAULTS_MAX = 3;

  /** A connection that waited longer for its next request may be closed just before that comes. */
  private static final long IDLE_NANOS = (Assault.IDLE_MILLIS - 500) * 1_000_000L;

  private final Target target;
  private final int port;
  private final Request request;
  private final AtomicBoolean stop;
  private long lastAnswer;
  private final List<Long> micros = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();

  /** Makes that request again and again until told to stop. */
  Caller(Target target, int port, Request request, AtomicBoolean stop) {
    this.target = target;
    this.port = port;
    this.request = request;
    this.stop = stop;
  }

  /** What they ask of each service: something to read, as who may. */
  static Request reading(Target target, String key) {
    String path =
        switch (target) {
          case POINTS -> "/internal/accounts/user:1/balance";
          case CONNECT -> "/reward-actions?limit=1";
          case REFERRAL -> "/members/1/uplines";
          case QUEST -> "/quests?limit=1";
          case VOUCHER -> "/vouchers?limit=1";
          case RIELT -> "/listings?limit=1";
        };
    return new Request("GET", path, java.util.Map.of("Authorization", "Bearer " + key), null);
  }

  @Override
  public void run() {
    Peer peer = null;
    while (!stop.get() && faults.size() < FAULTS_MAX) {
      peer = call(peer);
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    if (peer != null) {
      peer.close();
    }
  }

  private @Nullable Peer call(@Nullable Peer open) {
    long start = System.nanoTime();
    try {
      Peer peer = open == null ? new Peer(port, PATIENCE_MILLIS) : open;
      Peer.Reply reply = peer.send(request.bytes()).read(request.method());
      lastAnswer = System.nanoTime();
      micros.add((lastAnswer - start) / 1_000);
      boolean isRight =
          reply.status() == 200 || (reply.status() == 404 && target == Target.REFERRAL);
      if (!isRight) {
        faults.add(target + " tells who behaves well: " + reply);
      }
      return peer;
    } catch (IOException e) {
      if (open != null && start - lastAnswer > IDLE_NANOS) {
        // It was this trial that was late: a connection that idles so long may be closed.
        open.close();
        return call(null);
      }
      faults.add(
          "%s does not serve who behaves well, after %d calls: %s"
              .formatted(target, micros.size(), e));
      if (open != null) {
        open.close();
      }
      return null;
    }
  }

  /** How long each call took; once it has stopped. */
  List<Long> micros() {
    return micros;
  }

  /** What went wrong; once it has stopped. */
  List<String> faults() {
    return faults;
  }
}
