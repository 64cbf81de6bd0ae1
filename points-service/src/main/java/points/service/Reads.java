package points.service;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import points.kit.CommonError;
import points.kit.Fields;
import points.kit.Problem;
import points.kit.ProblemException;
import points.kit.TextRule;
import points.ledger.AccountId;
import points.ledger.ExternalKey;
import points.ledger.HoldStatus;
import points.ledger.Recorded;
import points.ledger.Refusal;
import points.ledger.Transaction;
import points.ledger.Verb;
import points.service.postgres.Queries;
import points.service.postgres.StreamPosition;

/**
 * The reading calls: parameters in, body out. They block, and end with a {@link ProblemException}
 * where there is nothing to answer.
 */
final class Reads {
  /** The most entries of one statement. */
  static final int STATEMENT_MAX = 10_000;

  private static final int LIMIT_DEFAULT = 50;
  private static final int LIMIT_MAX = 200;
  private static final int EVENTS_DEFAULT = 100;
  private static final int EVENTS_MAX = 1000;
  private static final TextRule CURSOR =
      TextRule.matching("[A-Za-z0-9_-]{1,256}", 256, "a cursor that an earlier answer gave");

  /** A statement and what it is of. */
  record StatementRead(AccountId account, Instant from, Instant to, Queries.Statement statement) {}

  private final Queries queries;
  private final InstantSource clock;

  Reads(Queries queries, InstantSource clock) {
    this.queries = queries;
    this.clock = clock;
  }

  ObjectNode balance(AccountId account, Fields query) {
    Instant at = query.optionalInstant("at");
    Instant now = clock.instant();
    if (at != null && at.isAfter(now)) {
      query.refuse("at", "must not be in the future");
    }
    query.done();
    return at == null
        ? Bodies.balanceRead(account.name(), queries.balance(account), now)
        : Bodies.balanceRead(account.name(), queries.balance(account, at), at);
  }

  ObjectNode transactions(AccountId account, Fields query) {
    int limit = (int) query.integerOr("limit", 1, LIMIT_MAX, LIMIT_DEFAULT);
    Instant from = query.optionalInstant("from");
    Instant to = query.optionalInstant("to");
    Verb type = query.optionalChoice("type", Verb.class);
    Long before = cursor(query, Long::valueOf);
    query.done();
    List<Transaction> found =
        queries.transactions(
            account, from, to, type, before == null ? Long.MAX_VALUE : before, limit + 1);
    ObjectNode body = Bodies.object();
    List<Transaction> page = found.subList(0, Math.min(limit, found.size()));
    body.set("transactions", Bodies.transactions(page));
    putCursor(body, found.size() > limit ? Long.toString(page.getLast().seq()) : null);
    return body;
  }

  StatementRead statement(AccountId account, Fields query) {
    Instant from = query.optionalInstant("from");
    Instant to = query.optionalInstant("to");
    if (from != null && to != null && from.isAfter(to)) {
      query.refuse("from", "must not be later than to");
    }
    query.done();
    Queries.Statement statement =
        queries
            .statement(account, from, to, STATEMENT_MAX)
            .orElseThrow(
                () ->
                    ProblemException.invalid(
                        "from",
                        "leaves more than " + STATEMENT_MAX + " entries; ask for a shorter time"));
    return new StatementRead(
        account, from == null ? Instant.EPOCH : from, to == null ? clock.instant() : to, statement);
  }

  ObjectNode holds(AccountId account, Fields query) {
    int limit = (int) query.integerOr("limit", 1, LIMIT_MAX, LIMIT_DEFAULT);
    HoldStatus status = query.optionalChoice("status", HoldStatus.class);
    UUID before = cursor(query, UUID::fromString);
    query.done();
    Instant now = clock.instant();
    List<Queries.HoldRead> found = queries.holds(account, status, now, before, limit + 1);
    List<Queries.HoldRead> page = found.subList(0, Math.min(limit, found.size()));
    ObjectNode body = Bodies.object();
    ArrayNode holds = body.putArray("holds");
    page.forEach(hold -> holds.add(Bodies.hold(hold, now)));
    putCursor(body, found.size() > limit ? page.getLast().hold().id().toString() : null);
    return body;
  }

  ObjectNode hold(UUID id) {
    return queries
        .hold(id)
        .map(hold -> Bodies.hold(hold, clock.instant()))
        .orElseThrow(() -> missing(LedgerError.HOLD_NOT_FOUND, "There is no hold " + id + "."));
  }

  ObjectNode transaction(UUID id) {
    return queries
        .transaction(id)
        .map(Bodies::transaction)
        .orElseThrow(() -> missing("There is no transaction " + id + "."));
  }

  ObjectNode transaction(String source, Fields query) {
    String externalId = query.text("external_id", Requests.EXTERNAL_ID);
    query.done();
    Recorded recorded =
        queries
            .recorded(new ExternalKey(source, externalId))
            .orElseThrow(() -> missing("Nothing is known under this external_id."));
    return switch (recorded) {
      case Transaction transaction -> Bodies.transaction(transaction);
      case Refusal refusal ->
          throw missing(
              "The operation with this external_id was refused: " + refusal.code().wire() + ".");
    };
  }

  ObjectNode explain(AccountId account, Fields query) {
    query.done();
    return ExplainBody.of(queries.explain(account), clock.instant());
  }

  ObjectNode events(Fields query) {
    int limit = (int) query.integerOr("limit", 1, EVENTS_MAX, EVENTS_DEFAULT);
    String text = query.optionalText("after", CURSOR);
    StreamPosition after = StreamPosition.START;
    if (text != null && !text.isEmpty()) {
      try {
        after = StreamPosition.of(text);
      } catch (IllegalArgumentException e) {
        query.refuse("after", "must be " + CURSOR.expected());
      }
    }
    query.done();
    List<Queries.Event> events = queries.events(after, limit);
    ObjectNode body = Bodies.object();
    ArrayNode array = body.putArray("events");
    events.forEach(event -> array.add(Bodies.event(event)));
    body.put("next", events.isEmpty() ? after.text() : events.getLast().position().text());
    return body;
  }

  /** Where the next page starts, made opaque so that nobody builds on what it is. */
  private static void putCursor(ObjectNode body, @Nullable String next) {
    if (next == null) {
      body.putNull("next_cursor");
    } else {
      body.put(
          "next_cursor",
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(next.getBytes(StandardCharsets.US_ASCII)));
    }
  }

  private interface CursorReader<T> {
    T read(String text);
  }

  private static <T> @Nullable T cursor(Fields query, CursorReader<T> reader) {
    String text = query.optionalText("cursor", CURSOR);
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      return reader.read(
          new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException e) {
      query.refuse("cursor", "must be " + CURSOR.expected());
      return null;
    }
  }

  private static ProblemException missing(String detail) {
    return missing(LedgerError.TRANSACTION_NOT_FOUND, detail);
  }

  private static ProblemException missing(LedgerError error, String detail) {
    return new ProblemException(Problem.of(error, detail));
  }

  /** A path parameter that names an account. */
  static AccountId account(String text) {
    try {
      return new AccountId(text);
    } catch (IllegalArgumentException e) {
      throw ProblemException.invalid(
          "account",
          AccountId.isReserved(text)
              ? Requests.RESERVED
              : "must be " + Requests.ACCOUNT.expected());
    }
  }

  /** A path parameter that is an id. */
  static UUID id(String name, String text) {
    if (!Requests.UUID_TEXT.accepts(text)) {
      throw ProblemException.invalid(name, "must be " + Requests.UUID_TEXT.expected());
    }
    return UUID.fromString(text);
  }

  /** The account of a member, by the subject of their token. */
  static AccountId ofMember(String subject) {
    try {
      return new AccountId("user:" + subject);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          CommonError.OPERATION_NOT_ALLOWED,
          "The token's subject cannot be the name of an account.");
    }
  }
}
