package points.service;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import points.ledger.AccountId;
import points.service.postgres.Freezing;
import points.service.postgres.Verifier;

/**
 * Verifies the books again and again beside the write path, gently, and freezes the accounts in
 * which it finds something.
 */
final class SelfCheck implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SelfCheck.class);

  private final Verifier verifier;
  private final Freezing freezing;
  private final Verifier.Pace pace;
  private final Duration interval;
  private final Counter passes;
  private final AtomicLong findings = new AtomicLong();
  private final Thread thread;

  SelfCheck(
      Verifier verifier,
      Freezing freezing,
      Verifier.Pace pace,
      Duration interval,
      MeterRegistry metrics) {
    this.verifier = verifier;
    this.freezing = freezing;
    this.pace = pace;
    this.interval = interval;
    this.passes =
        Counter.builder("points.selfcheck.passes")
            .description("How often the books have been verified")
            .register(metrics);
    Gauge.builder("points.selfcheck.findings", findings, AtomicLong::get)
        .description("Broken invariants found by the newest pass")
        .register(metrics);
    this.thread = Thread.ofPlatform().name("self-check").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        long start = System.nanoTime();
        passOnce();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        Duration left = interval.minus(took);
        Thread.sleep(left.isNegative() ? Duration.ZERO : left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closing
    }
  }

  private void passOnce() throws InterruptedException {
    try {
      Verifier.Result result = verifier.pass(new Alarm(), pace);
      findings.set(result.findings().size());
      passes.increment();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      LOG.warn("the books could not be verified, trying again later: {}", e.toString());
    }
  }

  /** Freezes at once: the rest of a pass may take long. */
  private final class Alarm implements Verifier.Progress {
    private final Set<String> frozen = new HashSet<>();

    @Override
    public void at(long accounts, long transactions) {}

    @Override
    public void found(Verifier.Finding finding) {
      LOG.error(
          "the books of {} are wrong: {}: {}",
          finding.account(),
          finding.invariant(),
          finding.detail());
      if (frozen.add(finding.account())) {
        freezing.freeze(new AccountId(finding.account()), finding.invariant(), "self-check");
      }
    }
  }

  @Override
  public void close() {
    if (thread.getState() == Thread.State.NEW) {
      return; // the service has come to nothing before this began
    }
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
