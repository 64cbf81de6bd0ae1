package points.kit;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The open connections and their deadlines. A deadline counts from the last whole step (a request's
 * headers, its body, its answer), never from the last byte, so a client that sends a byte now and
 * then gains nothing by it. One sweep several times a second looks at all of them, which costs a
 * request less than a timer of its own.
 */
final class Connections {

  static final long SWEEP_MILLIS = 250;
  private static final Duration LINGER_TIME = Duration.ofSeconds(2);

  private enum Phase {
    NEW,
    IDLE,
    READING,
    HANDLING,
    WRITING,
    LINGERING
  }

  /** One connection. Changed by its event loop, read by the sweep. */
  static final class State {
    private final HttpConnection connection;
    private volatile Phase phase = Phase.NEW;
    private volatile long sinceNanos = System.nanoTime();
    private volatile @Nullable Exchange exchange;
    private volatile boolean over;

    State(HttpConnection connection) {
      this.connection = connection;
    }

    void reading(Exchange next) {
      exchange = next;
      enter(Phase.READING);
    }

    void handling() {
      enter(Phase.HANDLING);
    }

    void writing() {
      enter(Phase.WRITING);
    }

    /** The answer is out; the rest of the request is thrown away before closing. */
    void lingering() {
      enter(Phase.LINGERING);
    }

    void idle() {
      exchange = null;
      enter(Phase.IDLE);
    }

    /** The answer that is written now is the last: what was sent after its request is nothing. */
    void over() {
      over = true;
    }

    boolean isOver() {
      return over;
    }

    boolean isLingering() {
      return phase == Phase.LINGERING;
    }

    void close() {
      connection.close();
    }

    private void enter(Phase next) {
      sinceNanos = System.nanoTime();
      phase = next;
    }
  }

  private final Map<HttpConnection, State> open = new ConcurrentHashMap<>();
  private final HttpSettings settings;
  private volatile boolean refusing;

  Connections(HttpSettings settings) {
    this.settings = settings;
  }

  /**
   * From now on new connections are closed unheard. A server of Vert.x that shuts down waits for
   * the connections that it had when it began; one that was accepted in that moment is cut off at
   * the end whatever it is doing, so nothing may be done for it.
   */
  void refuseNew() {
    refusing = true;
  }

  void opened(HttpConnection connection) {
    if (refusing || open.size() >= settings.connectionsMax()) {
      connection.close();
      return;
    }
    State state = new State(connection);
    open.put(connection, state);
    connection.closeHandler(closed -> closed(state));
  }

  private void closed(State state) {
    open.remove(state.connection);
    Exchange exchange = state.exchange;
    if (exchange != null) {
      exchange.clientGone();
    }
  }

  /** Null for a connection that is being closed. */
  @Nullable State of(HttpConnection connection) {
    return open.get(connection);
  }

  int count() {
    return open.size();
  }

  void sweep() {
    long now = System.nanoTime();
    open.values().forEach(state -> sweep(state, now));
  }

  private void sweep(State state, long now) {
    // Phase first: a step taken in between then only makes it look younger.
    Phase phase = state.phase;
    Exchange exchange = state.exchange;
    if (now - state.sinceNanos <= limit(phase).toNanos()) {
      return;
    }
    switch (phase) {
      case NEW, IDLE, WRITING, LINGERING -> state.close();
      case READING -> {
        if (exchange != null) {
          exchange.bodyIsLate();
        }
      }
      case HANDLING -> {
        if (exchange != null) {
          exchange.answerIsLate();
        }
      }
    }
  }

  private Duration limit(Phase phase) {
    return switch (phase) {
      case NEW -> settings.headerTime();
      case IDLE, WRITING -> settings.idleTime();
      case READING -> settings.bodyTime();
      case HANDLING -> settings.answerTime();
      case LINGERING -> LINGER_TIME;
    };
  }
}
