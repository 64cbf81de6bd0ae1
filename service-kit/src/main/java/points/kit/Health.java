package points.kit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the service is ready for work: all of its checks pass and it is not going down. Anybody
 * may ask, so all who ask at the same time share one run of each check; else strangers could keep
 * the connections to the database busy with it. Safe for use by many threads.
 */
public final class Health {

  private static final Logger log = LoggerFactory.getLogger(Health.class);
  private static final long CHECK_MILLIS_MAX = 2_000;

  /** Passes by returning, fails by throwing. May block. */
  @FunctionalInterface
  public interface Check {
    /** Looks whether all is well. */
    void run() throws Exception;
  }

  private final Map<String, Check> checks = new ConcurrentHashMap<>();
  private final Map<String, FutureTask<Boolean>> underWay = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  /** Adds a check under a name that {@code /health/ready} shows. */
  public Health check(String name, Check check) {
    if (checks.putIfAbsent(name, check) != null) {
      throw new IllegalArgumentException("there is a check " + name);
    }
    return this;
  }

  /** From now on the service is not ready, so that no more work is sent to it. */
  public void stopping() {
    stopping = true;
  }

  /** {@code 200 {"status":"up"}}: the process answers. */
  Answer live() {
    return Answer.json(200, "{\"status\":\"up\"}");
  }

  /** 200, or 503 where a check fails; why it fails is for the log, not for strangers. */
  Answer ready() {
    Map<String, FutureTask<Boolean>> running = new LinkedHashMap<>();
    new TreeMap<>(checks).forEach((name, check) -> running.put(name, start(name, check)));
    ObjectNode results = StrictJson.MAPPER.createObjectNode();
    boolean ready = !stopping;
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CHECK_MILLIS_MAX);
    for (var entry : running.entrySet()) {
      boolean passed = passed(entry.getKey(), entry.getValue(), deadline - System.nanoTime());
      results.put(entry.getKey(), passed ? "up" : "down");
      ready &= passed;
    }
    if (!ready) {
      throw new ProblemException(
          CommonError.UNAVAILABLE,
          stopping ? "The service is stopping." : "The service is not ready: " + results + ".");
    }
    ObjectNode body = StrictJson.MAPPER.createObjectNode();
    body.put("status", "up");
    body.set("checks", results);
    return Answer.json(200, body);
  }

  private FutureTask<Boolean> start(String name, Check check) {
    FutureTask<Boolean> mine =
        new FutureTask<>(
            () -> {
              check.run();
              return true;
            });
    FutureTask<Boolean> shared =
        underWay.compute(name, (n, task) -> task == null || task.isDone() ? mine : task);
    if (shared == mine) {
      Thread.ofVirtual().name("health-" + name).start(mine);
    }
    return shared;
  }

  private static boolean passed(String name, FutureTask<Boolean> task, long nanosLeft) {
    try {
      return task.get(Math.max(0, nanosLeft), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException | CancellationException e) {
      task.cancel(true);
      Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
      log.warn("not ready, {} fails: {}", name, String.valueOf(cause));
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
