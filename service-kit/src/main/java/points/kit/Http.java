package points.kit;

import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.BindException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP/1.1 server of a service. Routes are registered with what it takes to use them; {@code
 * /health/live}, {@code /health/ready} and {@code /metrics} are there from the start. Every error
 * is {@code application/problem+json}. Safe for use by many threads once started.
 */
public final class Http implements AutoCloseable {

  /** What can be set about the server. */
  public static final List<Setting<?>> SETTINGS = HttpSettings.ALL;

  /** The address to listen on. */
  public static final Setting<String> HOST = HttpSettings.HOST;

  /** The port to listen on. */
  public static final Setting<Integer> PORT = HttpSettings.PORT;

  /** How long a body may be, in bytes, unless its route says otherwise. */
  public static final int BODY_BYTES_DEFAULT = 64 * 1024;

  private static final Logger log = LoggerFactory.getLogger(Http.class);
  private static final Duration START_TIME = Duration.ofSeconds(30);
  private static final AtomicInteger serial = new AtomicInteger();

  /**
   * What the body of a route may be. Immutable.
   *
   * @param bytesMax how long, at least 0
   * @param mediaTypes in lower case, without parameters
   */
  public record Body(int bytesMax, Set<String> mediaTypes) {
    public Body {
      mediaTypes = Set.copyOf(mediaTypes);
    }
  }

  private final Vertx vertx;
  private final Serving serving;
  private final Health health;
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private final long sweep;
  private final String deployment;
  private @Nullable Long notReadySince;
  private boolean stopped;

  private Http(Vertx vertx, Serving serving, Health health) {
    this.vertx = vertx;
    this.serving = serving;
    this.health = health;
    int port = serving.settings.port();
    // To Vert.x a negative port is one of the system's choosing that several servers share.
    int shared = port == 0 ? -serial.incrementAndGet() : port;
    this.deployment =
        await(
            vertx.deployVerticle(
                () -> new Acceptor(shared),
                new DeploymentOptions().setInstances(serving.settings.eventLoops())),
            START_TIME);
    this.sweep = vertx.setPeriodic(Connections.SWEEP_MILLIS, tick -> serving.connections.sweep());
  }

  /**
   * What servers run on: event loops that wait in Linux's own way (epoll) where they can, which
   * costs less than the JDK's.
   */
  public static Vertx newVertx() {
    return Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  }

  /** What can be set about a server whose port is another one by default. */
  public static List<Setting<?>> settings(int port) {
    List<Setting<?>> all = new ArrayList<>(SETTINGS);
    Setting<Integer> own =
        Setting.port(HttpSettings.PORT.key(), port, HttpSettings.PORT.description());
    all.set(all.indexOf(HttpSettings.PORT), own);
    return all;
  }

  /**
   * Starts the set-up of a server.
   *
   * @param vertx may be shared by several services of one process; it is not closed here
   */
  public static Builder of(Vertx vertx, Settings settings) {
    return new Builder(vertx, HttpSettings.from(settings));
  }

  /** The port that the server listens on, also where the system chose it. */
  public int port() {
    return servers.getFirst().actualPort();
  }

  /** The address of the server, for people: {@code http://127.0.0.1:8080}. */
  public String url() {
    return "http://" + serving.settings.host() + ":" + port();
  }

  /** Takes the first step of going down: not ready, but everything is answered as before. */
  public synchronized void notReady() {
    if (notReadySince == null) {
      notReadySince = System.nanoTime();
      health.stopping();
    }
  }

  /** What is left of the time to serve on while being not ready. */
  private Duration drainTime() {
    long since = notReadySince == null ? System.nanoTime() : notReadySince;
    Duration left = serving.settings.drainTime().minusNanos(System.nanoTime() - since);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /**
   * Goes down in order: not ready (for the set time), then accepting nothing, answering what is in
   * flight (up to the set time), then closing. Blocks until all of it is over.
   */
  @Override
  public synchronized void close() {
    if (stopped) {
      return;
    }
    stopped = true;
    notReady();
    serving.stopping();
    try {
      Thread.sleep(drainTime());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // in a hurry then
    }
    serving.connections.refuseNew();
    Duration stopTime = serving.settings.stopTime();
    List<Future<Void>> shutdowns = new ArrayList<>();
    servers.forEach(
        server -> shutdowns.add(server.shutdown(stopTime.toMillis(), TimeUnit.MILLISECONDS)));
    await(Future.join(shutdowns), stopTime.plusSeconds(5));
    vertx.cancelTimer(sweep);
    await(vertx.undeploy(deployment), START_TIME);
    serving.blocking.shutdownNow();
    log.info("no longer serving HTTP");
  }

  private static <T> T await(Future<T> future, Duration time) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("HTTP server: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("HTTP server: no result within " + time, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** One event loop's share of the connections. */
  private final class Acceptor extends VerticleBase {

    private final int port;

    Acceptor(int port) {
      this.port = port;
    }

    @Override
    public Future<?> start() {
      HttpServer server =
          vertx
              .createHttpServer(options(serving.settings.host(), port))
              .connectionHandler(serving.connections::opened)
              .requestHandler(Http.this::handle)
              .invalidRequestHandler(Http.this::handleGarbage)
              .exceptionHandler(failure -> log.debug("connection failed", failure));
      servers.add(server);
      return server.listen().recover(why -> Future.failedFuture(unusable(why)));
    }

    /** What is wrong is told in one way, whichever transport finds it. */
    private Throwable unusable(Throwable why) {
      if (!(why instanceof IOException) || why instanceof UnknownHostException) {
        return why;
      }
      String said = String.valueOf(why.getMessage());
      BindException failure =
          new BindException(
              serving.settings.host()
                  + ":"
                  + serving.settings.port()
                  + ": "
                  + (said.contains("Address already in use") ? "Address already in use" : said));
      failure.initCause(why);
      return failure;
    }
  }

  private static HttpServerOptions options(String host, int port) {
    return new HttpServerOptions()
        .setHost(host)
        .setPort(port)
        .setHttp2ClearTextEnabled(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setMaxInitialLineLength(RequestLine.LINE_BYTES_MAX)
        .setMaxHeaderSize(RequestLine.HEADER_BYTES_MAX)
        .setTcpNoDelay(true)
        .setTcpKeepAlive(true)
        .setAcceptBacklog(1_024);
  }

  private void handle(HttpServerRequest request) {
    Connections.State connection = serving.connections.of(request.connection());
    if (connection != null && !connection.isOver()) {
      Context context = vertx.getOrCreateContext();
      new Exchange(serving, connection, request, context).start();
    }
  }

  private void handleGarbage(HttpServerRequest request) {
    Connections.State connection = serving.connections.of(request.connection());
    if (connection != null && !connection.isOver()) {
      Context context = vertx.getOrCreateContext();
      new Exchange(serving, connection, request, context)
          .startWithGarbage(request.decoderResult().cause());
    }
  }

  /** Collects the routes. Not safe for use by several threads. */
  public static final class Builder {

    private final Vertx vertx;
    private final HttpSettings settings;
    private final List<Route> routes = new ArrayList<>();

    private Builder(Vertx vertx, HttpSettings settings) {
      this.vertx = vertx;
      this.settings = settings;
    }

    /**
     * A route whose handler runs on the event loop and must never wait.
     *
     * @param method in capitals; a GET route answers HEAD too
     * @param template the path, with {@code {name}} for segments that vary
     */
    public Builder hot(String method, String template, Permission permission, HotHandler handler) {
      return hot(method, template, permission, BODY_BYTES_DEFAULT, handler);
    }

    /** A hot route with a limit of its own on the body's length in bytes. */
    public Builder hot(
        String method,
        String template,
        Permission permission,
        int bodyBytesMax,
        HotHandler handler) {
      return hot(method, template, permission, new Body(bodyBytesMax, Route.JSON), handler);
    }

    /**
     * A hot route whose body has a limit of its own, or need not be JSON.
     *
     * @param body what it may be
     */
    public Builder hot(
        String method, String template, Permission permission, Body body, HotHandler handler) {
      routes.add(
          new Route(
              method,
              template,
              permission,
              body.bytesMax(),
              body.mediaTypes(),
              new Route.Hot(handler)));
      return this;
    }

    /** A route whose handler runs on a virtual thread of its own. */
    public Builder blocking(
        String method, String template, Permission permission, BlockingHandler handler) {
      return blocking(method, template, permission, BODY_BYTES_DEFAULT, handler);
    }

    /** A blocking route with a limit of its own on the body's length in bytes. */
    public Builder blocking(
        String method,
        String template,
        Permission permission,
        int bodyBytesMax,
        BlockingHandler handler) {
      return blocking(method, template, permission, new Body(bodyBytesMax, Route.JSON), handler);
    }

    /**
     * A blocking route whose body has a limit of its own, or need not be JSON.
     *
     * @param body what it may be
     */
    public Builder blocking(
        String method, String template, Permission permission, Body body, BlockingHandler handler) {
      routes.add(
          new Route(
              method,
              template,
              permission,
              body.bytesMax(),
              body.mediaTypes(),
              new Route.Blocking(handler)));
      return this;
    }

    /**
     * Binds the port and serves. Blocks until it does.
     *
     * @throws IllegalStateException if the port cannot be bound
     */
    public Http start(Authenticator authenticator, Health health, Metrics metrics) {
      blocking("GET", "/health/live", Permission.ANYONE, call -> health.live());
      blocking("GET", "/health/ready", Permission.ANYONE, call -> health.ready());
      blocking("GET", "/metrics", Permission.ANYONE, call -> metrics.scrape());
      Serving serving = new Serving(settings, List.copyOf(routes), authenticator, metrics);
      Http http = new Http(vertx, serving, health);
      log.info("serving HTTP at {}", http.url());
      return http;
    }
  }
}
