package points.client;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls Points Service. Calls block, at most as long as their deadline; they suit virtual threads.
 * While the service is away or overloaded, a call is repeated with the same external id, so it
 * takes effect once however often it had to be sent. Immutable and safe for use by many threads;
 * one client is enough for a process.
 *
 * <p>Reads throw {@link PointsUnavailable} where operations give {@link Outcome.Unknown}, and
 * {@link PointsRejected} where operations give {@link Outcome.Rejected}. Everything throws {@link
 * ContractBroken} on an answer that cannot be understood, what the token's supplier throws, and
 * {@link IllegalStateException} once the client is closed. An interrupted thread stays interrupted
 * and gets the result of a deadline that has passed.
 */
public final class PointsClient implements AutoCloseable {
  private static final String ACCOUNTS = "/internal/accounts/";
  private static final int EVENTS_MAX = 1000;

  private final Transport transport;
  private final RetryPolicy retries;
  private final Duration deadline;

  private PointsClient(Transport transport, RetryPolicy retries, Duration deadline) {
    this.transport = transport;
    this.retries = retries;
    this.deadline = deadline;
  }

  /**
   * Starts the set-up of a client.
   *
   * @param service like {@code https://points.example:8080}; a path is put before the contract's
   * @throws IllegalArgumentException if it is no address of a service
   */
  public static Builder at(URI service) {
    return new Builder(service);
  }

  /** Gives points to an account. */
  public Outcome credit(Credit credit) {
    return perform(credit);
  }

  /** Takes points from an account. */
  public Outcome debit(Debit debit) {
    return perform(debit);
  }

  /** Sets points aside. */
  public Outcome hold(Hold hold) {
    return perform(hold);
  }

  /** Takes points that are on hold. */
  public Outcome capture(Capture capture) {
    return perform(capture);
  }

  /** Ends a hold and gives its points back. */
  public Outcome release(Release release) {
    return perform(release);
  }

  /** Gives back points that were debited or captured. */
  public Outcome refund(Refund refund) {
    return perform(refund);
  }

  /** Takes a credit back. */
  public Outcome reverse(Reverse reverse) {
    return perform(reverse);
  }

  /** Does any operation. */
  public Outcome perform(Operation operation) {
    return switch (transport.send(Requests.one(operation), patience())) {
      case Transport.Result.Answer answer ->
          Answers.outcome(answer.status(), answer.replay(), Answers.body(answer));
      case Transport.Result.Lost lost -> new Outcome.Unknown(lost.detail());
    };
  }

  /**
   * Does many operations with one call, each on its own: one that is refused harms no other. They
   * are decided in order, except that those which the service had no time for are sent again.
   *
   * @param operations 1 to 1000, together at most 4 MiB as JSON
   * @return their outcomes, in the same order
   * @throws IllegalArgumentException if there are none or too many
   */
  public List<Outcome> batch(List<? extends Operation> operations) {
    return new BatchRun(transport, patience(), operations).outcomes();
  }

  /** The balance of an account, now; zero where it has never moved. */
  public AccountBalance balance(String account) {
    return read(accountPath(account, "/balance"), Answers::accountBalance);
  }

  /**
   * The balance of an account at a past instant.
   *
   * @param at not in the future
   */
  public AccountBalance balance(String account, Instant at) {
    return read(
        accountPath(account, "/balance?at=" + encode(at.toString())), Answers::accountBalance);
  }

  /** A transaction; empty where there is none of this id. */
  public Optional<Transaction> transaction(UUID id) {
    return find("/internal/transactions/" + id, "transaction_not_found", Answers::transaction);
  }

  /**
   * The transaction that this source made under this external id; empty where there is none, be it
   * that the operation was never decided or that it was refused.
   */
  public Optional<Transaction> transactionByExternalId(String externalId) {
    Checks.externalId(externalId);
    return find(
        "/internal/transactions?external_id=" + encode(externalId),
        "transaction_not_found",
        Answers::transaction);
  }

  /** A hold; empty where there is none of this id. */
  public Optional<HeldPoints> holdById(UUID id) {
    return find("/internal/holds/" + id, "hold_not_found", Answers::heldPoints);
  }

  /** An account's transactions, newest first. */
  public Page<Transaction> transactions(String account, Page.Request page) {
    String cursor = page.cursor();
    String query =
        "/transactions?limit=" + page.limit() + (cursor == null ? "" : "&cursor=" + encode(cursor));
    return read(accountPath(account, query), Answers::transactions);
  }

  /**
   * All transactions of all accounts in commit order, without gaps.
   *
   * @param after the {@link EventPage#next()} of the stretch before; null for the very beginning
   * @param limit how many, 1 to 1000
   */
  public EventPage events(@Nullable String after, int limit) {
    Checks.require(
        limit >= 1 && limit <= EVENTS_MAX, "limit must be 1 to " + EVENTS_MAX + ", not " + limit);
    String query = "?limit=" + limit + (after == null ? "" : "&after=" + encode(after));
    return read("/internal/events" + query, Answers::events);
  }

  /** Waits for calls under way, then closes the connections. */
  @Override
  public void close() {
    transport.close();
  }

  private <T> T read(String path, Function<Json, T> reader) {
    Transport.Result.Answer answer = ask(path);
    Json body = Answers.body(answer);
    if (answer.status() >= 400) {
      throw new PointsRejected(Answers.problem(answer.status(), body));
    }
    return reader.apply(body);
  }

  private <T> Optional<T> find(String path, String missing, Function<Json, T> reader) {
    try {
      return Optional.of(read(path, reader));
    } catch (PointsRejected e) {
      if (e.problem().code().equals(missing)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Transport.Result.Answer ask(String path) {
    return switch (transport.send(new Transport.Call(path, null), patience())) {
      case Transport.Result.Answer answer -> answer;
      case Transport.Result.Lost lost -> throw new PointsUnavailable(lost.detail());
    };
  }

  private Patience patience() {
    return new Patience(retries, deadline);
  }

  private static String accountPath(String account, String rest) {
    Checks.account(account);
    return ACCOUNTS + account + rest;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Collects what a client needs to know. Not safe for use by several threads. */
  public static final class Builder {
    private static final Duration TIME_MAX = Duration.ofHours(1);

    private final URI service;
    private @Nullable Supplier<String> token;
    private Duration deadline = Duration.ofSeconds(30);
    private Duration attemptTimeout = Duration.ofSeconds(10);
    private RetryPolicy retries = RetryPolicy.DEFAULT;

    private Builder(URI service) {
      String scheme = service.getScheme();
      Checks.require(
          ("http".equals(scheme) || "https".equals(scheme))
              && service.getHost() != null
              && service.getRawQuery() == null
              && service.getRawFragment() == null
              && service.getRawUserInfo() == null,
          "the service's address must be like https://points.example:8080, not " + service);
      this.service = service;
    }

    /** Authenticates with an API key. */
    public Builder apiKey(String key) {
      Checks.require(
          key.matches("[!-~]+"), "the API key must be visible ASCII; is there a line feed in it?");
      token = () -> key;
      return this;
    }

    /**
     * Authenticates with a token that is asked for before every attempt, so keep it as long as it
     * is good; called by many threads.
     */
    public Builder token(Supplier<String> supplier) {
      token = supplier;
      return this;
    }

    /** How long a call may take with all its attempts; 1 ms to 1 hour, 30 s by default. */
    public Builder deadline(Duration deadline) {
      this.deadline = time("deadline", deadline);
      return this;
    }

    /** How long one attempt may take; 1 ms to 1 hour, 10 s by default. */
    public Builder attemptTimeout(Duration timeout) {
      this.attemptTimeout = time("attemptTimeout", timeout);
      return this;
    }

    /** How long to wait between attempts. */
    public Builder retries(RetryPolicy policy) {
      this.retries = policy;
      return this;
    }

    /**
     * The client. It connects when it is first used.
     *
     * @throws IllegalStateException if there is neither an API key nor a token
     */
    public PointsClient build() {
      Supplier<String> known = token;
      if (known == null) {
        throw new IllegalStateException("the client has no credentials: give apiKey or token");
      }
      return new PointsClient(new Transport(service, known, attemptTimeout), retries, deadline);
    }

    private static Duration time(String what, Duration time) {
      Checks.require(
          time.compareTo(Duration.ofMillis(1)) >= 0 && time.compareTo(TIME_MAX) <= 0,
          what + " must be 1 ms to 1 hour, not " + time);
      return time;
    }
  }
}
