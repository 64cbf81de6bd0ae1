package points.connect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import points.connect.events.CloudEvents;
import points.connect.postgres.Backtests;
import points.connect.postgres.EventQueries;
import points.connect.rules.Allowances;
import points.connect.rules.CheckedRule;
import points.connect.rules.Decision;
import points.connect.rules.Event;
import points.connect.rules.Verdict;
import points.kit.CommonError;
import points.kit.ProblemException;
import points.kit.Uuid7;

/** Runs backtests in the background. Thread-safe. */
final class Backtesting implements AutoCloseable {
  /** Bounds the memory that the sums of all accounts take. */
  static final long EVENTS_MAX = 1_000_000;

  private static final Logger LOG = LoggerFactory.getLogger(Backtesting.class);
  private static final int TOGETHER = 500;
  private static final int AT_ONCE = 2;
  private static final Duration STOP_TIME = Duration.ofSeconds(20);

  /**
   * What is to be tried.
   *
   * @param yaml the rule as it is written
   * @param from only events from then on
   * @param until only events before
   * @param author who wants to know
   */
  record Draft(CheckedRule rule, String yaml, Instant from, Instant until, String author) {}

  private final EventQueries events;
  private final Backtests backtests;
  private final CloudEvents reader;
  private final Set<String> rewardTypes;
  private final Semaphore free = new Semaphore(AT_ONCE);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean running = true;

  Backtesting(
      EventQueries events, Backtests backtests, CloudEvents reader, Set<String> rewardTypes) {
    this.events = events;
    this.backtests = backtests;
    this.reader = reader;
    this.rewardTypes = Set.copyOf(rewardTypes);
  }

  /**
   * Begins one.
   *
   * @throws ProblemException if the period has too many events, or too many run already
   */
  UUID begin(Draft draft) {
    if (!free.tryAcquire()) {
      throw new ProblemException(
          CommonError.OVERLOADED, AT_ONCE + " backtests are running: wait for one to end.");
    }
    try {
      long all = events.count(draft.rule().rule().event(), draft.from(), draft.until());
      if (all > EVENTS_MAX) {
        throw ProblemException.invalid(
            "until", "must leave at most " + EVENTS_MAX + " events; the period has " + all);
      }
      UUID id = Uuid7.next();
      String name = draft.rule().rule().name();
      backtests.begin(id, name, draft.yaml(), draft.author(), draft.from(), draft.until(), all);
      threads.execute(() -> runAndRelease(id, draft));
      return id;
    } catch (RuntimeException e) {
      free.release();
      throw e;
    }
  }

  private void runAndRelease(UUID id, Draft draft) {
    Comparison comparison = new Comparison();
    try {
      run(id, draft, comparison);
    } catch (RuntimeException e) {
      LOG.warn("backtest {} failed", id, e);
      fail(
          id, comparison.events(), e instanceof ArithmeticException ? "the sums overflow" : "" + e);
    } finally {
      free.release();
    }
  }

  private void fail(UUID id, long done, String why) {
    try {
      backtests.progress(id, "failed", done, Routes.object().put("why", why).toString());
    } catch (RuntimeException e) {
      LOG.warn("that backtest {} failed could not be kept", id, e); // it goes stale, and reads so
    }
  }

  private void run(UUID id, Draft draft, Comparison comparison) {
    Allowances allowances = new Allowances();
    String type = draft.rule().rule().event();
    EventQueries.@Nullable EventRow last = null;
    while (true) {
      List<EventQueries.EventRow> page =
          events.page(type, draft.from(), draft.until(), last, TOGETHER);
      if (!running) {
        fail(id, comparison.events(), "the service was stopped");
        return;
      }
      page.forEach(event -> add(draft.rule(), event, allowances, comparison));
      List<Long> seqs = new ArrayList<>();
      page.forEach(event -> seqs.add(event.seq()));
      backtests.given(draft.rule().rule().name(), seqs).forEach(comparison::addGiven);
      if (page.size() < TOGETHER) {
        ObjectNode result = comparison.toJson(draft.rule().rule().budget());
        backtests.progress(id, "done", comparison.events(), result.toString());
        return;
      }
      backtests.progress(id, "running", comparison.events(), null);
      last = page.getLast();
    }
  }

  private void add(
      CheckedRule rule, EventQueries.EventRow row, Allowances allowances, Comparison comparison) {
    Event facts = EventApi.again(reader, row.body(), row.time()).facts();
    if (facts == null) {
      comparison.addUnfit();
      return;
    }
    Verdict verdict = rule.apply(facts);
    switch (verdict) {
      case Verdict.Matched unused ->
          comparison.addMatched(
              Decision.of(
                  Simulation.proposal(rule, facts, verdict),
                  allowances,
                  new Decision.Terms(row.time(), name -> false, rewardTypes)));
      case Verdict.Failed unused -> comparison.addFailed();
      case Verdict.NotMatched unused -> comparison.addNotMatched();
      case Verdict.NotActive unused -> comparison.addNotMatched();
    }
  }

  /** Has those that run stop, and say so. */
  @Override
  public void close() {
    running = false;
    threads.shutdown();
    try {
      if (!threads.awaitTermination(STOP_TIME.toSeconds(), TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
