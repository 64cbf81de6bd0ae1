package points.kit;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again for what was left half done, in one of all processes at a time; should that
 * process die, another one goes on within seconds. Needs db-scheduler's table {@code
 * scheduled_tasks} in the service's schema. Safe for use by many threads.
 */
public final class Recovery implements AutoCloseable {

  /** Finishes what it finds. */
  @FunctionalInterface
  public interface Look {
    /** Looks once; what it throws is logged, and it is called again. */
    void once() throws Exception;
  }

  private static final Logger log = LoggerFactory.getLogger(Recovery.class);
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);
  private static final int HEARTBEATS_MISSED_MAX = 4;
  private static final Duration STOP_TIME = Duration.ofSeconds(20);

  private final Scheduler scheduler;

  private Recovery(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /**
   * Starts to look.
   *
   * @param name of the task, the same in all processes
   * @param every how long to rest between two looks
   */
  public static Recovery start(DataSource database, String name, Duration every, Look look) {
    var task =
        Tasks.recurring(name, FixedDelay.of(every)).execute((instance, context) -> quietly(look));
    Scheduler scheduler =
        Scheduler.create(database)
            .startTasks(task)
            .threads(1)
            .pollingInterval(every)
            .heartbeatInterval(HEARTBEAT)
            .missedHeartbeatsLimit(HEARTBEATS_MISSED_MAX)
            .shutdownMaxWait(STOP_TIME)
            .build();
    scheduler.start();
    return new Recovery(scheduler);
  }

  private static void quietly(Look look) {
    try {
      look.once();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      log.warn("what was left half done could not be finished, trying again: {}", e.toString());
    }
  }

  @Override
  public void close() {
    scheduler.stop();
  }
}
