package points.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends calls until one is answered or its time is up. Safe for use by many threads. */
final class Transport implements AutoCloseable {
  private static final int BODY_BYTES_MAX = 64 * 1024 * 1024;
  private static final Duration RETRY_AFTER_MAX = Duration.ofHours(1);
  private static final Optional<String> REPLAY = Optional.of("true");

  /**
   * One call.
   *
   * @param path with its query, percent-encoded
   * @param body JSON; null makes it a GET
   */
  record Call(String path, @Nullable String body) {}

  /** What came of it. */
  sealed interface Result {
    /** An answer that stays the same however often one asks. */
    record Answer(int status, boolean replay, String body) implements Result {}

    /** None within the deadline. */
    record Lost(String detail) implements Result {}
  }

  private sealed interface Attempt {
    record Answered(Result.Answer answer) implements Attempt {}

    record Failed(String why, Duration retryAfter) implements Attempt {}
  }

  private final HttpClient http;
  private final ExecutorService threads;
  private final String base;
  private final Supplier<String> token;
  private final Duration attemptTimeout;
  private volatile boolean closed;

  Transport(URI base, Supplier<String> token, Duration attemptTimeout) {
    String text = base.toString();
    this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    this.token = token;
    this.attemptTimeout = attemptTimeout;
    this.threads = Executors.newVirtualThreadPerTaskExecutor();
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(attemptTimeout)
            .executor(threads)
            .build();
  }

  /** Blocks until there is an answer that is worth telling, or the deadline has passed. */
  Result send(Call call, Patience patience) {
    int attempts = 0;
    String last = "the deadline is too short for one attempt";
    try {
      while (patience.left().isPositive()) {
        requireOpen();
        attempts++;
        switch (attempt(call, patience.left())) {
          case Attempt.Answered answered -> {
            return answered.answer();
          }
          case Attempt.Failed failed -> {
            last = failed.why();
            if (!patience.pause(failed.retryAfter())) {
              return lost(attempts, last);
            }
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      last = "the waiting thread was interrupted";
    }
    return lost(attempts, last);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the client is closed");
    }
  }

  private static Result lost(int attempts, String last) {
    return new Result.Lost(
        "No answer from Points Service, attempts: " + attempts + ", the last: " + last + ".");
  }

  private Attempt attempt(Call call, Duration left) throws InterruptedException {
    Duration time = left.compareTo(attemptTimeout) < 0 ? left : attemptTimeout;
    CompletableFuture<HttpResponse<String>> sent =
        http.sendAsync(
            request(call),
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8), BODY_BYTES_MAX));
    try {
      // Not the request's own timeout, which ends with the headers: a body can be slow, too.
      return judge(sent.get(time.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return new Attempt.Failed("nothing within " + time.toMillis() + " ms", Duration.ZERO);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        return new Attempt.Failed(describe(io), Duration.ZERO);
      }
      throw new IllegalStateException("the HTTP client failed: " + e.getCause(), e.getCause());
    } finally {
      sent.cancel(true); // closes the connection of a call that is not waited for any more
    }
  }

  private static String describe(IOException e) {
    String message = e.getMessage();
    String kind = e.getClass().getSimpleName();
    return message == null ? kind : kind + " (" + message + ")";
  }

  private HttpRequest request(Call call) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + call.path()))
            .header("Authorization", "Bearer " + token.get())
            .header("Accept", "application/json, application/problem+json")
            .header("User-Agent", "points-client");
    String body = call.body();
    return body == null
        ? request.GET().build()
        : request
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
  }

  private static Attempt judge(HttpResponse<String> response) {
    int status = response.statusCode();
    if (status == 408 || status == 429 || status >= 500) {
      return new Attempt.Failed("status " + status, retryAfter(response));
    }
    boolean replay = response.headers().firstValue("Idempotent-Replay").equals(REPLAY);
    return new Attempt.Answered(new Result.Answer(status, replay, response.body()));
  }

  /** The other form of the header is a date, which would take two clocks that agree. */
  private static Duration retryAfter(HttpResponse<?> response) {
    String text = response.headers().firstValue("Retry-After").orElse("");
    if (!text.matches("[0-9]{1,9}")) {
      return Duration.ZERO;
    }
    Duration asked = Duration.ofSeconds(Long.parseLong(text));
    return asked.compareTo(RETRY_AFTER_MAX) > 0 ? RETRY_AFTER_MAX : asked;
  }

  /** Waits for calls under way, which end by their own deadlines. */
  @Override
  public void close() {
    closed = true;
    http.close();
    threads.close();
  }
}
