package points.kit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of a service, told to the world at least once and in order. An event is written in the
 * same transaction as the change that it tells of, so neither exists without the other; a relay in
 * the background delivers it and only then deletes it. Events that the receiver will never take are
 * set aside with the reason ({@code UPDATE outbox SET parked_at = NULL, parked_reason = NULL}
 * delivers them again). The table is the service's own:
 *
 * <pre>
 * CREATE TABLE outbox (
 *   position      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
 *   aggregate     text NOT NULL,
 *   event_id      uuid NOT NULL UNIQUE,
 *   type          text NOT NULL,
 *   time          timestamptz NOT NULL DEFAULT clock_timestamp(),
 *   data          jsonb NOT NULL,
 *   written_in    xid8 NOT NULL DEFAULT pg_current_xact_id(),
 *   parked_at     timestamptz,
 *   parked_reason text,
 *   CHECK ((parked_at IS NULL) = (parked_reason IS NULL))
 * );
 * </pre>
 *
 * <p>Events of one aggregate are delivered in the order of their transactions, as long as each
 * transaction locks the aggregate's row before it writes the event. Any number of processes may run
 * this on one schema; one of them relays. Safe for use by many threads.
 */
public final class Outbox implements AutoCloseable {

  /** What can be set about where events go. */
  public static final List<Setting<?>> SETTINGS = EventSettings.ALL;

  private static final Logger log = LoggerFactory.getLogger(Outbox.class);
  private static final Duration STOP_TIME = Duration.ofSeconds(20);
  private static final Duration INTERRUPT_EVERY = Duration.ofMillis(200);

  private final EventSink sink;
  private final OutboxRelay relay;
  private final Thread thread;

  private Outbox(EventSink sink, OutboxRelay relay) {
    this.sink = sink;
    this.relay = relay;
    // Not a virtual thread: interrupting one of those while it reads breaks its connection.
    this.thread = Thread.ofPlatform().daemon().name("outbox").unstarted(relay);
  }

  /**
   * Starts to deliver what is and will be in the table, to where the settings say.
   *
   * @param source of the events, for example {@code quest}
   * @throws SettingsException if the settings do not say where to
   */
  public static Outbox start(Database database, String source, Settings settings, Metrics metrics) {
    return start(database, source, EventSettings.sink(settings, source), metrics);
  }

  /**
   * Starts to deliver what is and will be in the table.
   *
   * @param sink where to; closed with this
   */
  public static Outbox start(Database database, String source, EventSink sink, Metrics metrics) {
    // A connection of its own, which it keeps: the lock is the connection's.
    var connections = database.pool("outbox", 1, "SET application_name = 'outbox'");
    OutboxMetrics meters = new OutboxMetrics(database.dataSource(), metrics.registry());
    Outbox outbox = new Outbox(sink, new OutboxRelay(connections, source, sink, meters));
    outbox.thread.start();
    return outbox;
  }

  /**
   * Writes an event as part of a transaction that is under way.
   *
   * @param transaction not in auto-commit mode; its current schema has the table
   * @param aggregate what the event is about, its row locked by the transaction
   * @param type like {@code quest.completed}
   * @return the event's id
   */
  public static UUID write(Connection transaction, String aggregate, String type, ObjectNode data)
      throws SQLException {
    if (transaction.getAutoCommit()) {
      throw new IllegalStateException("an event needs the transaction of the change it tells of");
    }
    return OutboxTable.write(transaction, aggregate, type, data.toString());
  }

  /** Delivers sooner what was just committed; without it that takes up to a quarter second. */
  public void wake() {
    relay.wake();
  }

  /** Stops delivering; what was under way is delivered again after the next start. */
  @Override
  public void close() {
    relay.stop();
    long deadline = System.nanoTime() + STOP_TIME.toNanos();
    try {
      // Again and again: driver and pool may take one interrupt for a fault of the connection.
      do {
        thread.interrupt();
      } while (!thread.join(INTERRUPT_EVERY) && System.nanoTime() < deadline);
      if (thread.isAlive()) {
        log.warn("the outbox did not stop within {}", STOP_TIME);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sink.close();
  }
}
