package points.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests over many connections from one thread, with little processor time of its own.
 *
 * <p>Closed loop: each connection sends its next request as soon as it has its answer. Open loop:
 * requests fall due at random times of a given rate whatever the service does, and a latency counts
 * from when its request was due, so that a stall counts for everyone whom it would have kept
 * waiting (Gil Tene's "coordinated omission").
 */
final class Load {
  /**
   * How to send.
   *
   * @param connections how many, 1 or more
   * @param warmUp how long to send before measuring
   * @param time how long to measure
   * @param ratePerSecond of requests; 0 for a closed loop
   * @param pauseWhenRefused how long a connection rests after 429 or 503, as Retry-After asks
   */
  record Plan(
      int connections,
      Duration warmUp,
      Duration time,
      double ratePerSecond,
      Duration pauseWhenRefused) {
    static Plan closed(int connections, Duration warmUp, Duration time) {
      return new Plan(connections, warmUp, time, 0, Duration.ZERO);
    }

    static Plan open(int connections, Duration warmUp, Duration time, double ratePerSecond) {
      return new Plan(connections, warmUp, time, ratePerSecond, Duration.ZERO);
    }
  }

  /**
   * Told when the warm-up is over, on another thread while the sending goes on if there was one,
   * and when the measuring is.
   */
  interface Phases {
    Phases NONE =
        new Phases() {
          @Override
          public void begin() {}

          @Override
          public void end() {}
        };

    void begin() throws IOException;

    void end() throws IOException;
  }

  private static final int ANSWER_BYTES_MAX = 1 << 20;
  private static final Duration ANSWER_TIME_MAX = Duration.ofSeconds(60);

  private final InetSocketAddress address;
  private final Plan plan;
  private final Traffic traffic;
  private final Random random = new Random(1);
  private final Deque<Connection> idle = new ArrayDeque<>();
  private final Deque<Connection> resting = new ArrayDeque<>();
  private final Histogram latencies = new Histogram(TimeUnit.MINUTES.toMicros(2), 3);
  private long due;
  private boolean measuring;
  private boolean sending = true;
  private int inFlight;
  private long operations;
  private long refused;
  private long failed;

  private Load(InetSocketAddress address, Plan plan, Traffic traffic) {
    this.address = address;
    this.plan = plan;
    this.traffic = traffic;
  }

  /**
   * Sends for as long as planned and returns what was seen.
   *
   * @throws IOException if a connection breaks or an answer is missing
   */
  static LoadResult run(InetSocketAddress address, Plan plan, Traffic traffic, Phases phases)
      throws IOException {
    return new Load(address, plan, traffic).run(phases);
  }

  private LoadResult run(Phases phases) throws IOException {
    List<Connection> connections = new ArrayList<>();
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < plan.connections(); i++) {
        connections.add(new Connection(selector));
      }
      idle.addAll(connections);
      warmUp(selector, phases);
      measuring = true;
      long begin = System.nanoTime();
      loop(selector, begin + plan.time().toNanos());
      long measured = System.nanoTime() - begin;
      measuring = false;
      phases.end();
      sending = false;
      drain(selector);
      return new LoadResult(operations, refused, failed, Duration.ofNanos(measured), latencies);
    } finally {
      for (Connection connection : connections) {
        connection.channel.close();
      }
    }
  }

  /** Without a warm-up nothing is sent before it is measured, and so there is nobody to hold up. */
  private void warmUp(Selector selector, Phases phases) throws IOException {
    due = System.nanoTime();
    if (plan.warmUp().isZero()) {
      phases.begin();
      due = System.nanoTime();
    } else {
      loop(selector, due + plan.warmUp().toNanos());
      loopWhile(selector, begun(phases));
    }
  }

  private void loop(Selector selector, long until) throws IOException {
    for (long now = System.nanoTime(); now < until && !traffic.isOver(); now = System.nanoTime()) {
      turn(selector, now);
    }
  }

  /**
   * Goes on sending while the clocks are read: a pause of the sender's own, of a few hundredths of
   * a second, would count as one of the service's.
   */
  private void loopWhile(Selector selector, FutureTask<?> reading) throws IOException {
    while (!reading.isDone()) {
      turn(selector, System.nanoTime());
    }
    try {
      reading.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static FutureTask<?> begun(Phases phases) {
    FutureTask<@Nullable Void> reading =
        new FutureTask<>(
            () -> {
              phases.begin();
              return null;
            });
    Thread.ofVirtual().start(reading);
    return reading;
  }

  private void turn(Selector selector, long now) throws IOException {
    wake(now);
    sendDue(now);
    select(selector, plan.ratePerSecond() > 0 || !resting.isEmpty() ? 1 : 50);
  }

  private void drain(Selector selector) throws IOException {
    long giveUpAt = System.nanoTime() + ANSWER_TIME_MAX.toNanos();
    while (inFlight > 0) {
      if (System.nanoTime() > giveUpAt) {
        throw new IOException(inFlight + " requests have had no answer for " + ANSWER_TIME_MAX);
      }
      select(selector, 50);
    }
  }

  private void select(Selector selector, long millis) throws IOException {
    selector.select(
        key -> {
          if (key.attachment() instanceof Connection connection) {
            connection.ready(key);
          }
        },
        millis);
  }

  private void wake(long now) {
    while (!resting.isEmpty() && resting.peekFirst().restsUntil - now <= 0) {
      idle.addLast(resting.removeFirst());
    }
  }

  private void sendDue(long now) throws IOException {
    while (!idle.isEmpty() && !traffic.isOver() && (plan.ratePerSecond() == 0 || due - now <= 0)) {
      Connection connection = idle.removeFirst();
      if (plan.ratePerSecond() == 0) {
        connection.send(System.nanoTime());
      } else {
        connection.send(due);
        due += (long) (-Math.log(1 - random.nextDouble()) / plan.ratePerSecond() * 1e9);
      }
    }
  }

  /** One connection, which has at most one request in flight. */
  private final class Connection {
    final SocketChannel channel;
    private final SelectionKey key;
    private ByteBuffer in = ByteBuffer.allocateDirect(16 * 1024);
    private ByteBuffer out = ByteBuffer.allocateDirect(16 * 1024);
    private Traffic.@Nullable Request request;
    private long since;
    private long restsUntil;

    Connection(Selector selector) throws IOException {
      channel = SocketChannel.open(address);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    void send(long from) throws IOException {
      Traffic.Request next = traffic.next();
      request = next;
      since = from;
      inFlight++;
      if (out.capacity() < next.bytes().remaining()) {
        out = ByteBuffer.allocateDirect(next.bytes().remaining() * 2);
      }
      out.clear().put(next.bytes().duplicate()).flip();
      write();
    }

    private void write() throws IOException {
      channel.write(out);
      key.interestOps(
          out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    void ready(SelectionKey selected) {
      try {
        if (selected.isWritable()) {
          write();
        }
        if (selected.isReadable()) {
          read();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void read() throws IOException {
      if (!in.hasRemaining()) {
        grow();
      }
      if (channel.read(in) < 0) {
        throw new IOException("the service has closed a connection");
      }
      int header = AnswerText.endOfHeader(in);
      if (header < 0) {
        return;
      }
      int whole = header + AnswerText.contentLength(in, header);
      if (in.position() < whole) {
        return;
      }
      int status = AnswerText.status(in);
      ByteBuffer body = in.duplicate().position(header).limit(whole);
      answered(status, body);
    }

    private void grow() throws IOException {
      if (in.capacity() >= ANSWER_BYTES_MAX) {
        throw new IOException("an answer has more than " + ANSWER_BYTES_MAX + " bytes");
      }
      in = ByteBuffer.allocateDirect(in.capacity() * 4).put(in.flip());
    }

    private void answered(int status, ByteBuffer body) throws IOException {
      Traffic.Request done = Objects.requireNonNull(request);
      request = null;
      inFlight--;
      long now = System.nanoTime();
      boolean isRefused = status == 429 || status == 503;
      int succeeded = isRefused ? 0 : traffic.answered(done, status, body);
      if (measuring) {
        operations += succeeded;
        if (isRefused) {
          refused++;
        } else if (succeeded < done.operations()) {
          failed++;
        }
        if (!isRefused) {
          latencies.recordValue(Math.max(1, (now - since) / 1000));
        }
      }
      in.clear();
      next(now, isRefused);
    }

    private void next(long now, boolean isRefused) throws IOException {
      if (!sending || traffic.isOver()) {
        return;
      }
      if (isRefused && plan.pauseWhenRefused().isPositive()) {
        restsUntil = now + plan.pauseWhenRefused().toNanos();
        resting.addLast(this);
      } else if (plan.ratePerSecond() == 0) {
        send(now);
      } else {
        idle.addLast(this);
      }
    }
  }
}
