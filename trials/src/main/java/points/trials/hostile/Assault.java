package points.trials.hostile;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** All that can be done to one service with bytes and connections. Thread-safe. */
final class Assault {
  /** How long the service lets headers, bodies and idle connections wait. */
  static final int HEADER_MILLIS = 1_000;

  static final int BODY_MILLIS = 1_000;
  static final int IDLE_MILLIS = 3_000;

  /** How many connections it takes. */
  static final int CONNECTIONS = 300;

  /** Wrong forms at once, and how often one is tried that a busy service let go unread. */
  private static final int FORMS = 8;

  private static final int TRIES = 10;

  /** On machines that do much else, the services look late. */
  private static final int SLACK_MILLIS = 6_000;

  private static final int DRIP_MILLIS = 100;
  private static final int PIPELINED = 50;

  private final Target target;
  private final int port;
  private final String key;
  private final AtomicBoolean stop;
  private final AtomicLong connections = new AtomicLong();
  private final List<String> faults = Collections.synchronizedList(new ArrayList<>());

  Assault(Target target, int port, String key, AtomicBoolean stop) {
    this.target = target;
    this.port = port;
    this.key = key;
    this.stop = stop;
  }

  /** How many connections there were. */
  long connections() {
    return connections.get();
  }

  /** What the service did wrong. */
  List<String> faults() {
    return faults;
  }

  private interface Deed {
    void on(Peer peer) throws IOException, InterruptedException;
  }

  /** Does it on new connections until told to stop. */
  private void again(String name, Deed deed) {
    while (!stop.get()) {
      connections.incrementAndGet();
      try (Peer peer = new Peer(port, IDLE_MILLIS + SLACK_MILLIS)) {
        deed.on(peer);
      } catch (SocketTimeoutException e) {
        faults.add(target + ", " + name + ": neither an answer nor an end");
      } catch (IOException e) {
        // Refused or cut off, as it should be.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Headers byte by byte. */
  void dripHeaders() {
    again("dripping headers", peer -> drip(peer, "GET /health/live HTTP/1.1\r\nHost: x\r\nA: "));
  }

  /** A body byte by byte, by somebody who may send it. */
  void dripBody() {
    again(
        "dripping a body",
        peer -> {
          peer.send(head() + "Content-Length: 1000\r\n\r\n");
          drip(peer, "");
        });
  }

  /** A service that gives up in time resets the connection, so that writing fails. */
  private void drip(Peer peer, String start) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    peer.send(start);
    while (!stop.get()) {
      Thread.sleep(DRIP_MILLIS);
      peer.send("x");
      if (System.nanoTime() - begun > (IDLE_MILLIS + SLACK_MILLIS) * 1_000_000L) {
        faults.add(
            target + " still listens to a drip after " + (IDLE_MILLIS + SLACK_MILLIS) + " ms");
        return;
      }
    }
  }

  /** Nothing at all. */
  void sayNothing() {
    again("saying nothing", Peer::isClosed);
  }

  /** Asks for much, and reads none of it. */
  void doNotRead() {
    String ask = "GET /openapi.yaml HTTP/1.1\r\nHost: x\r\n\r\n".repeat(PIPELINED);
    again(
        "not reading",
        peer -> {
          peer.send(ask);
          Thread.sleep(IDLE_MILLIS / 2);
          peer.send(ask); // fails, or is never read: it does not matter
          Thread.sleep(IDLE_MILLIS / 2);
        });
  }

  /** Leaves in the middle of a body. */
  void leave() {
    again(
        "leaving",
        peer -> {
          peer.send(head() + "Content-Length: 50\r\n\r\n{\"half\":");
          Thread.sleep(5);
        });
  }

  /** Many requests at once; the answers must come in their order. */
  void pipeline() {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < PIPELINED; i++) {
      all.append(i % 2 == 0 ? "GET /health/live" : "GET /nowhere")
          .append(" HTTP/1.1\r\nHost: x\r\nX-Request-Id: n")
          .append(i)
          .append("\r\n\r\n");
    }
    again(
        "pipelining",
        peer -> {
          peer.send(all.toString());
          for (int i = 0; i < PIPELINED; i++) {
            Peer.Reply reply = peer.read("GET");
            if (reply.status() != (i % 2 == 0 ? 200 : 404)
                || !reply.header("X-Request-Id").equals("n" + i)) {
              faults.add(target + " answers out of order: " + i + " is " + reply);
              return;
            }
          }
        });
  }

  /**
   * Every wrong form, some at a time; then, when there is no more to see, as many connections as
   * can be. All at once they would wait for each other longer than a service waits for a head.
   */
  void misformAndFlood() {
    try (ExecutorService threads =
        Executors.newFixedThreadPool(FORMS, Thread.ofVirtual().factory())) {
      Forms.all().forEach(form -> threads.execute(() -> misform(form, TRIES)));
    }
    flood();
  }

  private void misform(Forms.Form form, int tries) {
    connections.incrementAndGet();
    long start = System.nanoTime();
    List<Integer> statuses = new ArrayList<>();
    try (Peer peer = new Peer(port, IDLE_MILLIS + SLACK_MILLIS)) {
      try {
        peer.send(form.bytes());
      } catch (SocketException e) {
        // It was told before all of it was sent.
      }
      while (true) {
        statuses.add(peer.read("GET").status());
      }
    } catch (SocketTimeoutException e) {
      faults.add("%s, %s: not ended after %s".formatted(target, form.name(), statuses));
    } catch (EOFException | SocketException e) {
      boolean late = System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(HEADER_MILLIS);
      if (late && statuses.isEmpty() && !form.refused() && tries > 1) {
        // On a busy machine the time for a head may be over before the service reads it.
        misform(form, tries - 1);
      } else {
        judge(form, statuses);
      }
    } catch (IOException e) {
      faults.add("%s, %s: %s after %s".formatted(target, form.name(), e, statuses));
    }
  }

  private void judge(Forms.Form form, List<Integer> statuses) {
    boolean refused = statuses.stream().allMatch(s -> (s >= 400 && s < 500) || s == 501);
    if (statuses.contains(404) || statuses.size() > 1 || refused != form.refused()) {
      faults.add("%s, %s: %s".formatted(target, form.name(), statuses));
    }
  }

  /** As many connections as it takes, and more. */
  private void flood() {
    while (!stop.get()) {
      List<Peer> open = new ArrayList<>();
      try {
        for (int i = 0; i < CONNECTIONS + CONNECTIONS / 4 && !stop.get(); i++) {
          connections.incrementAndGet();
          open.add(new Peer(port, IDLE_MILLIS));
        }
        Thread.sleep(HEADER_MILLIS / 2);
      } catch (IOException e) {
        // The system has no room for more: enough.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } finally {
        open.forEach(Peer::close);
      }
    }
  }

  private String head() {
    String path =
        switch (target) {
          case POINTS -> "/internal/batch";
          case CONNECT -> "/events";
          case REFERRAL -> "/members";
          case QUEST -> "/quests";
          case VOUCHER -> "/vouchers";
          case RIELT -> "/listings";
        };
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer "
        + key
        + "\r\n";
  }
}
