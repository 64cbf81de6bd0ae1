package points.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import points.kit.Answer;
import points.kit.BlockingHandler;
import points.kit.Call;
import points.kit.Caller;
import points.kit.CommonError;
import points.kit.Fields;
import points.kit.Http;
import points.kit.Permission;
import points.kit.ProblemException;
import points.ledger.AccountId;
import points.service.postgres.Freezing;
import points.service.postgres.LedgerUnavailable;

/** Every route of the contract, with what it takes to use it. */
final class Api {
  private static final int BATCH_BYTES_MAX = 4 * 1024 * 1024;
  private static final long ADVANCE_SECONDS_MAX = 10L * 365 * 86_400;
  private static final Permission READ = Permission.of("read");
  private static final Permission ADMIN = Permission.of("admin");
  private static final String OF_ACCOUNT = "/internal/accounts/{account}";

  private final Writes writes;
  private final Reads reads;
  private final Freezing freezing;
  private final DatabaseClock clock;

  Api(Writes writes, Reads reads, Freezing freezing, DatabaseClock clock) {
    this.writes = writes;
    this.reads = reads;
    this.freezing = freezing;
    this.clock = clock;
  }

  /**
   * Adds the routes.
   *
   * @param sandbox whether the clock may be moved
   */
  void mount(Http.Builder http, boolean sandbox) {
    mountWrites(http);
    mountAccountReads(http);
    mountReads(http);
    mountMember(http);
    http.blocking("POST", OF_ACCOUNT + "/freeze", ADMIN, call -> freeze(call, true));
    http.blocking("POST", OF_ACCOUNT + "/unfreeze", ADMIN, call -> freeze(call, false));
    if (sandbox) {
      http.blocking("POST", "/sandbox/clock", Permission.AUTHENTICATED, this::advanceClock);
    }
    new ApiDocs().mount(http);
  }

  private void mountWrites(Http.Builder http) {
    for (Requests.Call verb : Requests.Call.values()) {
      http.hot(
          "POST",
          "/internal/" + verb.wire(),
          Permission.of(verb.wire()),
          call -> writes.one(verb, call));
    }
    http.hot("POST", "/internal/batch", Permission.AUTHENTICATED, BATCH_BYTES_MAX, writes::batch);
  }

  private void mountAccountReads(Http.Builder http) {
    read(
        http,
        OF_ACCOUNT + "/balance",
        READ,
        call -> ok(reads.balance(account(call), call.query())));
    read(
        http,
        OF_ACCOUNT + "/transactions",
        READ,
        call -> ok(reads.transactions(account(call), call.query())));
    read(http, OF_ACCOUNT + "/statement", READ, this::statement);
    read(http, OF_ACCOUNT + "/holds", READ, call -> ok(reads.holds(account(call), call.query())));
    read(
        http,
        OF_ACCOUNT + "/explain",
        READ,
        call -> ok(reads.explain(account(call), call.query())));
  }

  private void mountReads(Http.Builder http) {
    read(
        http,
        "/internal/transactions",
        READ,
        call -> ok(reads.transaction(call.caller().source(), call.query())));
    read(
        http,
        "/internal/transactions/{transaction_id}",
        READ,
        call -> {
          call.query().done();
          return ok(reads.transaction(Reads.id("transaction_id", call.path("transaction_id"))));
        });
    read(
        http,
        "/internal/holds/{hold_id}",
        READ,
        call -> {
          call.query().done();
          return ok(reads.hold(Reads.id("hold_id", call.path("hold_id"))));
        });
    read(http, "/internal/events", READ, call -> ok(reads.events(call.query())));
  }

  private void mountMember(Http.Builder http) {
    read(
        http,
        "/v1/me/balance",
        Permission.ME,
        call -> ok(reads.balance(member(call), call.query())));
    read(
        http,
        "/v1/me/transactions",
        Permission.ME,
        call -> ok(reads.transactions(member(call), call.query())));
  }

  /** Registers a reading call, whose failure to reach the database is told as what it is. */
  private static void read(
      Http.Builder http, String path, Permission permission, BlockingHandler handler) {
    http.blocking(
        "GET",
        path,
        permission,
        call -> {
          try {
            return handler.handle(call);
          } catch (LedgerUnavailable e) {
            throw new ProblemException(Answers.unavailable());
          }
        });
  }

  private Answer statement(Call call) {
    Reads.StatementRead read = reads.statement(account(call), call.query());
    boolean csv = Accepted.of(call.header("Accept")).prefers("text/csv", "application/json");
    return csv
        ? Answer.text(200, "text/csv; charset=utf-8", StatementBody.csv(read))
        : ok(StatementBody.json(read));
  }

  private Answer freeze(Call call, boolean frozen) {
    AccountId account = account(call);
    Fields fields = call.json();
    String reason = fields.text("reason", Requests.REASON);
    fields.done();
    String actor = call.caller().subject();
    boolean exists =
        frozen
            ? freezing.freeze(account, reason, actor)
            : freezing.unfreeze(account, reason, actor);
    if (!exists) {
      throw new ProblemException(CommonError.NOT_FOUND, account + " has never moved.");
    }
    ObjectNode body = Bodies.object();
    body.put("account", account.name());
    body.put("frozen", frozen);
    body.put("reason", reason);
    return ok(body);
  }

  private Answer advanceClock(Call call) throws Exception {
    if (call.caller().kind() == Caller.Kind.MEMBER) {
      throw new ProblemException(CommonError.OPERATION_NOT_ALLOWED, "No member moves the clock.");
    }
    Fields fields = call.json();
    long seconds = fields.integer("advance_seconds", 0, ADVANCE_SECONDS_MAX);
    fields.done();
    if (!clock.advance(seconds)) {
      throw ProblemException.invalid(
          "advance_seconds",
          "would take the clock more than "
              + DatabaseClock.ADVANCE_SECONDS_MAX
              + " seconds ahead altogether");
    }
    Instant now = clock.instant();
    ObjectNode body = Bodies.object();
    body.put("now", Bodies.time(now));
    return ok(body);
  }

  private static AccountId account(Call call) {
    return Reads.account(call.path("account"));
  }

  private static AccountId member(Call call) {
    return Reads.ofMember(call.caller().subject());
  }

  private static Answer ok(ObjectNode body) {
    return Answer.json(200, body);
  }
}
