package points.client;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import points.service.TestService;

/** Clients of the Points Service that the tests share, and names that nobody else uses. */
final class Clients {
  private static final AtomicInteger serial = new AtomicInteger();
  private static final RetryPolicy QUICK =
      new RetryPolicy(Duration.ofMillis(5), Duration.ofMillis(50));

  private Clients() {}

  static PointsClient of(String source) {
    return at(TestService.shared().url(), source).build();
  }

  /** A client of a source by way of another address, with short waits. */
  static PointsClient.Builder at(URI address, String source) {
    return PointsClient.at(address)
        .apiKey(TestService.shared().key(source))
        .deadline(Duration.ofSeconds(10))
        .attemptTimeout(Duration.ofSeconds(5))
        .retries(QUICK);
  }

  /** An account that has this much. */
  static String account(long amount) {
    String account = "user:client-" + serial.incrementAndGet();
    try (PointsClient connect = of("connect")) {
      connect.credit(Credit.of(account, amount, id(), "test.start")).receiptOrThrow();
    }
    return account;
  }

  static String id() {
    return "client-test-" + serial.incrementAndGet();
  }
}
