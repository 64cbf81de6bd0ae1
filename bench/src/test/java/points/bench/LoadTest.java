package points.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The load's generator counts what a server has really answered. */
class LoadTest {
  private static final Duration NONE = Duration.ZERO;
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** What the server does with the n-th request, from 1. */
  private interface Behaviour {
    int status(int n) throws InterruptedException;
  }

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger refusals = new AtomicInteger();
  private volatile Behaviour behaviour = n -> 200;
  private HttpServer server;

  LoadTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void serve() {
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          try {
            int status = behaviour.status(requests.incrementAndGet());
            if (status == 503) {
              refusals.incrementAndGet();
            }
            byte[] body = ("{\"status\":" + status + "}").getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.close();
  }

  private LoadResult run(Load.Plan plan) throws IOException {
    return Load.run(server.getAddress(), plan, new Ping(), Load.Phases.NONE);
  }

  @Test
  void aClosedLoopCountsEveryAnswer() throws IOException {
    LoadResult result = run(Load.Plan.closed(8, NONE, SECOND));
    // What was still in flight at the end is answered, but not measured.
    assertThat(result.operations()).isBetween(requests.get() - 8L, (long) requests.get());
    assertThat(result.operations()).isGreaterThan(8);
    assertThat(result.latencies().getTotalCount()).isEqualTo(result.operations());
    assertThat(result.refused() + result.failed()).isZero();
  }

  @Test
  void aWarmUpIsNotMeasured() throws IOException {
    LoadResult result = run(Load.Plan.closed(2, SECOND, Duration.ofMillis(200)));
    assertThat(result.operations()).isPositive();
    assertThat(result.time()).isLessThan(Duration.ofMillis(900));
    assertThat(requests.get()).isGreaterThan((int) result.operations());
  }

  @Test
  void refusalsAndFailuresAreCountedApart() throws IOException {
    behaviour = n -> n % 10 == 0 ? 503 : n % 10 == 1 ? 500 : 200;
    LoadResult result = run(Load.Plan.closed(1, NONE, SECOND));
    assertThat(result.refused()).isCloseTo(refusals.get(), org.assertj.core.data.Offset.offset(1L));
    assertThat(result.failed()).isBetween(result.refused(), result.refused() + 1);
    assertThat(result.operations()).isBetween(result.failed() * 8 - 8, result.failed() * 8);
    assertThat(result.latencies().getTotalCount()).isEqualTo(result.operations() + result.failed());
  }

  @Test
  void whoIsRefusedRestsAsItWasAsked() throws IOException {
    behaviour = n -> 503;
    Load.Plan plan = new Load.Plan(3, NONE, SECOND, 0, Duration.ofMillis(400));
    assertThat(run(plan).refused()).isBetween(3L, 9L);
  }

  @Test
  void anOpenLoopSendsAtItsRate() throws IOException {
    LoadResult result = run(Load.Plan.open(16, NONE, Duration.ofSeconds(2), 200));
    // 400 are expected; five standard deviations of a Poisson process are 100
    assertThat(result.operations()).isBetween(300L, 500L);
  }

  @Test
  void anOpenLoopCountsAStallForEveryoneItWouldHaveKeptWaiting() throws IOException {
    AtomicLong stalledUntil = new AtomicLong();
    behaviour =
        n -> {
          if (n == 100) {
            stalledUntil.set(System.nanoTime() + 500_000_000);
          }
          long rest = stalledUntil.get() - System.nanoTime();
          if (stalledUntil.get() != 0 && rest > 0) {
            Thread.sleep(Duration.ofNanos(rest));
          }
          return 200;
        };
    LoadResult result = run(Load.Plan.open(2, NONE, Duration.ofSeconds(2), 200));
    // Two connections alone would have seen two slow answers; 200 a second fell due in half a
    // second.
    long waited = result.latencies().getCountBetweenValues(100_000, 60_000_000);
    assertThat(waited).isGreaterThan(40);
  }

  @Test
  void aConnectionThatIsClosedFailsTheRun() {
    server.stop(0);
    assertThatThrownBy(() -> run(Load.Plan.closed(1, NONE, SECOND)))
        .isInstanceOf(IOException.class);
  }

  /** The smallest request there is. */
  private static final class Ping implements Traffic {
    private static final byte[] BYTES =
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"
            .getBytes(StandardCharsets.US_ASCII);

    @Override
    public Request next() {
      return new Request(BYTES, 1, this);
    }

    @Override
    public int answered(Request request, int status, ByteBuffer body) {
      String text = StandardCharsets.US_ASCII.decode(body).toString();
      assertThat(text).isEqualTo("{\"status\":" + status + "}");
      return status == 200 ? 1 : 0;
    }
  }
}
