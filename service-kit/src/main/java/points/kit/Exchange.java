package points.kit;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * One request and its answer. The order is: route, credentials, permission, limits, media type;
 * then the body is read, if only to throw it away, as an answer in the middle of a body would have
 * to close the connection; then the handler works. Everything here happens on the connection's
 * event loop, the handlers' own work aside.
 */
final class Exchange {

  private static final int BODY_BYTES_DEFAULT = Http.BODY_BYTES_DEFAULT;

  private final Serving serving;
  private final Connections.State connection;
  private final HttpServerRequest request;
  private final Context context;
  private final String requestId;
  private final long startedNanos = System.nanoTime();

  private RouteTable.@Nullable Match match;
  private @Nullable Caller caller;
  private @Nullable Answer verdict;
  private Buffer body = Buffer.buffer(0);
  private long received;
  private boolean limited;
  private boolean handling;
  private boolean answered;
  private boolean left;

  Exchange(
      Serving serving, Connections.State connection, HttpServerRequest request, Context context) {
    this.serving = serving;
    this.connection = connection;
    this.request = request;
    this.context = context;
    this.requestId = RequestIds.of(request.getHeader(RequestIds.HEADER));
  }

  void start() {
    connection.reading(this);
    try {
      boolean room = serving.enter();
      RequestLine line = RequestLine.of(request);
      match = serving.routes.find(request.method().name(), line.path());
      if (match == null) {
        throw new ProblemException(CommonError.NOT_FOUND, "No route has this path.");
      }
      // Health must answer under load too: a busy service that looks dead is killed.
      if (!room && match.route().permission() != Permission.ANYONE) {
        throw new ProblemException(CommonError.OVERLOADED, "Too many requests are in flight.");
      }
      authenticate(match.route());
    } catch (RouteTable.MethodRefused e) {
      Problem problem =
          Problem.of(CommonError.METHOD_NOT_ALLOWED, "This path has " + e.allow() + " only.");
      verdict = Answer.of(problem, requestId).with("Allow", e.allow());
      receive();
    } catch (RuntimeException e) {
      refuse(e);
      receive();
    }
  }

  private void refuse(Throwable why) {
    verdict = Answer.of(Problems.of(why, requestId), requestId);
  }

  private void authenticate(Route route) {
    if (route.permission() == Permission.ANYONE) {
      admit(route, null);
      receive();
      return;
    }
    CompletableFuture<Caller> who =
        serving
            .authenticator
            .callerOf(request.getHeader(HttpHeaderNames.AUTHORIZATION))
            .toCompletableFuture();
    if (!who.isDone()) {
      request.pause();
    }
    var unused =
        who.whenComplete(
            (found, failure) ->
                onLoop(
                    () -> {
                      if (left) {
                        return; // the client has gone, or was told that it is too slow
                      }
                      if (failure == null) {
                        admit(route, found);
                      } else {
                        refuse(failure);
                      }
                      receive();
                    }));
  }

  /** Everything about a request that can be refused before its body is there. */
  private void admit(Route route, @Nullable Caller found) {
    try {
      if (found != null) {
        caller = found;
        if (!route.permission().allows(found)) {
          throw route.permission().refused(found);
        }
        limited = serving.limits.tryEnter(found);
        if (!limited) {
          throw new ProblemException(
              CommonError.RATE_LIMITED, found.source() + " has too many requests in flight.");
        }
      }
      if (route.hasBody()
          && !MediaTypes.isOneOf(
              route.mediaTypes(), request.getHeader(HttpHeaderNames.CONTENT_TYPE))) {
        throw new ProblemException(
            CommonError.UNSUPPORTED_MEDIA_TYPE,
            "Send the body as " + String.join(" or ", route.mediaTypes()) + " in UTF-8.");
      }
      if (route.hasBody()) {
        // What is asked for is in the body: a parameter would be passed over, and mean something.
        Fields.ofQuery(request.query()).done();
      }
    } catch (ProblemException e) {
      refuse(e);
    }
  }

  private int bodyBytesMax() {
    return match == null ? BODY_BYTES_DEFAULT : match.route().bodyBytesMax();
  }

  private void receive() {
    if (answered) {
      return;
    }
    if (declaredBytes() > bodyBytesMax()) {
      tooLarge();
      return;
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaderNames.EXPECT))) {
      if (verdict != null) {
        answer(verdict, true);
        return;
      }
      request.response().writeContinue();
    }
    // A transfer that breaks off or makes no sense ends the connection: see clientGone.
    request.exceptionHandler(why -> {});
    request.handler(this::receive);
    request.endHandler(end -> bodyIsThere());
    request.resume();
  }

  private long declaredBytes() {
    String declared = request.getHeader(HttpHeaderNames.CONTENT_LENGTH);
    try {
      return declared == null ? 0 : Long.parseLong(declared.strip());
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE; // a number with that many digits is too large, whatever it is
    }
  }

  private void receive(Buffer part) {
    received += part.length();
    if (received > bodyBytesMax()) {
      tooLarge();
    } else if (verdict == null) {
      body = body.length() == 0 ? part : body.appendBuffer(part);
    }
  }

  private void tooLarge() {
    Problem problem =
        Problem.of(
            CommonError.TOO_LARGE, "The body may have at most " + bodyBytesMax() + " bytes.");
    // Who may not even send it is told that, as for a shorter body.
    answer(verdict == null ? Answer.of(problem, requestId) : verdict, true);
  }

  private void bodyIsThere() {
    if (answered) {
      if (connection.isLingering()) {
        connection.close();
      }
    } else if (verdict != null) {
      answer(verdict, false);
    } else {
      handle();
    }
  }

  private void handle() {
    RouteTable.Match found = java.util.Objects.requireNonNull(match);
    connection.handling();
    handling = true;
    Call call = new Call(request, found, requestId, caller, body);
    try {
      switch (found.route().handler()) {
        case Route.Hot hot -> {
          var unused = hot.handler().handle(call).whenComplete(this::handled);
        }
        case Route.Blocking blocking ->
            serving.blocking.execute(() -> handleBlocking(blocking.handler(), call));
      }
    } catch (Throwable e) {
      // Whatever it is: the request must be answered, and counted out.
      handled(null, e);
    }
  }

  private void handleBlocking(BlockingHandler handler, Call call) {
    MDC.put("request_id", requestId);
    try {
      handled(handler.handle(call), null);
    } catch (InterruptedException e) {
      handled(null, new RejectedExecutionException(e));
    } catch (Throwable e) {
      handled(null, e);
    } finally {
      MDC.remove("request_id");
    }
  }

  private void handled(@Nullable Answer answer, @Nullable Throwable failure) {
    Answer result =
        answer != null
            ? answer
            : Answer.of(
                Problems.of(
                    failure == null ? new IllegalStateException("no answer") : failure, requestId),
                requestId);
    onLoop(
        () -> {
          handling = false;
          leave();
          answer(result, false);
        });
  }

  private void onLoop(Runnable step) {
    if (Vertx.currentContext() == context) {
      step.run();
    } else {
      context.runOnContext(ignored -> step.run());
    }
  }

  private void answer(Answer answer, boolean closing) {
    if (answered) {
      return;
    }
    answered = true;
    if (!handling) {
      leave();
    }
    count(answer);
    var response = request.response();
    if (response.closed()) {
      return;
    }
    boolean close = closing || isLast() || serving.isStopping();
    connection.writing();
    if (close) {
      connection.over();
    }
    ResponseHeaders.write(response, answer, requestId, close);
    var unused =
        response
            .end(answer.body())
            .onComplete(
                written -> {
                  if (!close) {
                    connection.idle();
                  } else if (request.isEnded()) {
                    connection.close();
                  } else {
                    linger();
                  }
                });
  }

  /**
   * A length beside the chunks is how requests are smuggled, and RFC 9112 (6.1) demands to close
   * after it. The decoder has removed it when the request gets here, so any body in chunks is the
   * last of its connection.
   */
  private boolean isLast() {
    return request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING);
  }

  /** To close while the client still sends would reset the connection and lose the answer. */
  private void linger() {
    connection.lingering();
    request.handler(part -> {});
    request.endHandler(end -> connection.close());
    request.resume();
  }

  private void count(Answer answer) {
    long nanos = System.nanoTime() - startedNanos;
    serving.metrics.record(match == null ? null : match.route(), answer.status(), nanos);
    serving.accessLog.line(
        requestId, request.method().name(), request.uri(), caller, answer.status(), nanos);
  }

  private void leave() {
    if (left) {
      return;
    }
    left = true;
    serving.leave();
    if (limited && caller != null) {
      serving.limits.leave(caller);
    }
  }

  /** Called by the sweep. */
  void bodyIsLate() {
    Problem problem =
        ProblemException.invalid(
                "body", "did not arrive within " + serving.settings.bodyTime().toMillis() + " ms")
            .problem();
    onLoop(() -> answer(Answer.of(problem, requestId), true));
  }

  /** Called by the sweep. The work may still be done: only its answer is given up. */
  void answerIsLate() {
    Problem problem =
        Problem.of(
            CommonError.UNAVAILABLE,
            "No answer in time; whether anything was done is not known yet.");
    onLoop(() -> answer(Answer.of(problem, requestId), false));
  }

  /** The connection is closed: nobody waits for the answer any more. */
  void clientGone() {
    onLoop(
        () -> {
          if (!handling) {
            answered = true;
            leave();
          }
        });
  }

  /** Answers what was no HTTP request at all; the server closes the connection after it. */
  void startWithGarbage(Throwable why) {
    connection.reading(this);
    serving.enter();
    Problem problem = RequestLine.problemOf(why);
    answer(Answer.of(problem, requestId), true);
  }
}
