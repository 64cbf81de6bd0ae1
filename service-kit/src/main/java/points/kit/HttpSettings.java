package points.kit;

import java.time.Duration;
import java.util.List;

/**
 * How the HTTP server is set up. Immutable.
 *
 * @param host the address to bind
 * @param port the port to bind; 0 lets the system choose
 * @param eventLoops how many threads serve connections
 * @param connectionsMax further connections are closed at once
 * @param requestsMax in flight, of all callers together
 * @param sourceRequestsMax in flight, of one caller
 * @param headerTime until a new connection has sent its first request's headers
 * @param bodyTime until a request's body is there
 * @param answerTime until a handler has answered
 * @param idleTime until a connection without a request is closed
 * @param drainTime between being not ready and accepting no more
 * @param stopTime for requests in flight to be answered
 * @param accessLog which requests get a line in the log
 */
record HttpSettings(
    String host,
    int port,
    int eventLoops,
    int connectionsMax,
    int requestsMax,
    int sourceRequestsMax,
    Duration headerTime,
    Duration bodyTime,
    Duration answerTime,
    Duration idleTime,
    Duration drainTime,
    Duration stopTime,
    AccessLog accessLog) {

  /** Which requests get a line in the log. */
  enum AccessLog {
    NONE,
    /** Those answered with 400 and above. */
    FAILURES,
    ALL
  }

  static final Setting<String> HOST =
      Setting.text(
          "http.host",
          "127.0.0.1",
          "The address to listen on; 0.0.0.0 opens the service to the network.");
  static final Setting<Integer> PORT =
      Setting.port("http.port", 8080, "The port to listen on; 0 lets the system choose one.");
  static final Setting<Integer> EVENT_LOOPS =
      Setting.integer(
          "http.event_loops",
          0,
          64,
          0,
          "How many threads serve connections; 0 for one a processor, at most 4.");
  static final Setting<Integer> CONNECTIONS =
      Setting.integer(
          "http.connections", 1, 1_000_000, 8_192, "How many connections may be open at once.");
  static final Setting<Integer> REQUESTS =
      Setting.integer(
          "http.requests",
          1,
          1_000_000,
          4_096,
          "How many requests may be in flight at once; further ones are told overloaded.");
  static final Setting<Integer> SOURCE_REQUESTS =
      Setting.integer(
          "http.source_requests",
          1,
          1_000_000,
          1_024,
          "How many requests of one caller may be in flight at once;"
              + " further ones are told rate_limited.");
  static final Setting<Duration> HEADER_TIME =
      time("http.header_time", 10, "How long a new connection may take to send its first headers.");
  static final Setting<Duration> BODY_TIME =
      time("http.body_time", 10, "How long a request's body may take to arrive.");
  static final Setting<Duration> ANSWER_TIME =
      time("http.answer_time", 30, "How long a request may be worked on before it is told so.");
  static final Setting<Duration> IDLE_TIME =
      time("http.idle_time", 60, "How long a connection may stay open without a request.");
  static final Setting<Duration> DRAIN_TIME =
      Setting.duration(
          "http.drain_time",
          Duration.ZERO,
          Duration.ofMinutes(10),
          Duration.ZERO,
          "How long, on the way down, to serve on while being not ready.");
  static final Setting<Duration> STOP_TIME =
      time("http.stop_time", 20, "How long, on the way down, requests in flight may take.");
  static final Setting<AccessLog> ACCESS_LOG =
      Setting.choice(
          "http.access_log",
          AccessLog.class,
          AccessLog.FAILURES,
          "Which requests get a line in the log; metrics count all of them.");

  static final List<Setting<?>> ALL =
      List.of(
          HOST,
          PORT,
          EVENT_LOOPS,
          CONNECTIONS,
          REQUESTS,
          SOURCE_REQUESTS,
          HEADER_TIME,
          BODY_TIME,
          ANSWER_TIME,
          IDLE_TIME,
          DRAIN_TIME,
          STOP_TIME,
          ACCESS_LOG);

  private static Setting<Duration> time(String key, int seconds, String description) {
    return Setting.duration(
        key, Duration.ofMillis(100), Duration.ofHours(1), Duration.ofSeconds(seconds), description);
  }

  static HttpSettings from(Settings settings) {
    int loops = settings.get(EVENT_LOOPS);
    return new HttpSettings(
        settings.get(HOST),
        settings.get(PORT),
        loops > 0 ? loops : Math.min(4, Runtime.getRuntime().availableProcessors()),
        settings.get(CONNECTIONS),
        settings.get(REQUESTS),
        settings.get(SOURCE_REQUESTS),
        settings.get(HEADER_TIME),
        settings.get(BODY_TIME),
        settings.get(ANSWER_TIME),
        settings.get(IDLE_TIME),
        settings.get(DRAIN_TIME),
        settings.get(STOP_TIME),
        settings.get(ACCESS_LOG));
  }
}
