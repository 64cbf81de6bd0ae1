package points.service.postgres;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import points.kit.BulkInsert;
import points.kit.Pipeline;
import points.ledger.Account;
import points.ledger.AccountId;
import points.ledger.Changes;
import points.ledger.Hold;
import points.ledger.HoldState;
import points.ledger.Lot;
import points.ledger.LotMove;
import points.ledger.Parcel;
import points.ledger.Recorded;
import points.ledger.Refusal;
import points.ledger.Request;
import points.ledger.Transaction;

/** Writes what a batch decided and commits it, in one round trip. */
final class Writing {
  /**
   * Commit order. Under READ COMMITTED our own transaction id alone would not do: it may be older
   * than that of a transaction which held one of our accounts before us. The newest id that has
   * ended, as of a snapshot taken after we got hold of the account, is not, so the greater of the
   * two never runs backwards on an account; and being no less than our own id, it stays above the
   * horizon until we have committed. It is an id that was given to somebody: the end of the
   * snapshot itself might not be, and the horizon would stay below it until somebody writes again.
   * Under REPEATABLE READ our id is the greater: we get it after our snapshot, and the snapshot
   * shows the account as whoever was there before us left it.
   */
  private static final String POSITION =
      "greatest(pg_current_xact_id()::text::bigint,"
          + " pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1)";

  /** What is registered under a key, which costs a hash to compute. */
  private record Registered(UUID key, Recorded what) {
    static Registered of(Recorded what) {
      return new Registered(OperationKey.of(what.key()), what);
    }

    @Nullable UUID transactionId() {
      return what instanceof Transaction transaction ? transaction.id() : null;
    }
  }

  private static final BulkInsert<Registered> OPERATIONS =
      new BulkInsert<Registered>("operation")
          .column("key", "uuid", Registered::key)
          .column("transaction_id", "uuid", Registered::transactionId)
          .column("account", "text", r -> r.what().account().name())
          .column("bucket", "smallint", r -> r.what().account().bucket());

  private static final BulkInsert<Transaction> TRANSACTIONS =
      request(
              holdState(
                  new BulkInsert<Transaction>("transaction", "position", POSITION)
                      .column("transaction_id", "uuid", Transaction::id)
                      .column("account", "text", t -> t.account().name())
                      .column("bucket", "smallint", t -> t.account().bucket())
                      .column("seq", "bigint", Transaction::seq)
                      .column("type", "text", t -> t.type().wire())
                      .column("source", "text", t -> t.key().source())
                      .column("external_id", "text", t -> t.key().externalId())
                      .column("amount", "bigint", Transaction::amount)
                      .column("available_change", "bigint", t -> t.change().available())
                      .column("held_change", "bigint", t -> t.change().held())
                      .column("pending_change", "bigint", t -> t.change().pending())
                      .column("debt_change", "bigint", t -> t.change().debt())
                      .column("counter", "text", Transaction::counter)
                      .column("counter_change", "bigint", Transaction::counterChange)
                      .column("available", "bigint", t -> t.balance().available())
                      .column("held", "bigint", t -> t.balance().held())
                      .column("pending", "bigint", t -> t.balance().pending())
                      .column("debt", "bigint", t -> t.balance().debt())
                      .column("created_at", "timestamptz", Transaction::createdAt)
                      .column("hash", "bytea", t -> t.hash().bytes()),
                  Transaction::hold),
              Transaction::request)
          .column("requested_amount", "bigint", Writing::requestedAmount)
          .column("refers_to", "uuid", Transaction::refersTo)
          .column("lots", "text", "%s::uuid[]", t -> list(t.moves(), LotMove::lotId))
          .column("lot_changes", "text", "%s::bigint[]", t -> list(t.moves(), LotMove::change))
          .column("lot_charges", "text", "%s::bigint[]", t -> list(t.moves(), LotMove::charged))
          .column("maker", "text", t -> t.approval() == null ? null : t.approval().maker())
          .column("checker", "text", t -> t.approval() == null ? null : t.approval().checker())
          .column("reason", "text", Transaction::reason)
          .column("metadata", "text", "%s::json", Transaction::metadata);

  private static final BulkInsert<Refusal> REFUSALS =
      request(
              holdState(
                  new BulkInsert<Refusal>("refusal")
                      .column("key", "uuid", r -> OperationKey.of(r.key()))
                      .column("source", "text", r -> r.key().source())
                      .column("external_id", "text", r -> r.key().externalId())
                      .column("account", "text", r -> r.account().name())
                      .column("bucket", "smallint", r -> r.account().bucket())
                      .column("type", "text", r -> r.request().verb().wire())
                      .column("code", "text", r -> r.code().wire())
                      .column("created_at", "timestamptz", Refusal::createdAt),
                  r -> r.facts().hold()),
              Refusal::request)
          .column("requested_amount", "bigint", r -> r.request().amount())
          .column("target_hold", "uuid", r -> r.request().holdId())
          .column("target_transaction", "uuid", r -> r.request().transactionId())
          .column("available", "bigint", r -> r.facts().available())
          .column("remaining", "bigint", r -> r.facts().remaining())
          .column("request_id", "text", Refusal::requestId);

  private static final BulkInsert<Account> NEW_ACCOUNTS =
      new BulkInsert<Account>("account")
          .column("account", "text", a -> a.id().name())
          .column("bucket", "smallint", a -> a.id().bucket())
          .column("seq", "bigint", Account::seq)
          .column("available", "bigint", a -> a.balance().available())
          .column("held", "bigint", a -> a.balance().held())
          .column("pending", "bigint", a -> a.balance().pending())
          .column("debt", "bigint", a -> a.balance().debt())
          .column("expiring", "bigint", Account::expiring)
          .column("head", "bytea", a -> a.head().bytes())
          .column("last_at", "timestamptz", Account::lastAt);

  /**
   * The rows are locked, so they are where they were read. Should one not be there all the same,
   * the division fails, and nothing is committed.
   */
  private static final String UPDATE_ACCOUNTS =
      """
      WITH updated AS (
          UPDATE account a
          SET seq = u.seq, available = u.available, held = u.held, pending = u.pending,
              debt = u.debt, expiring = u.expiring, head = u.head, last_at = u.last_at
          FROM (SELECT unnest(?::tid[]), unnest(?::text[]), unnest(?::bigint[]),
                       unnest(?::bigint[]), unnest(?::bigint[]), unnest(?::bigint[]),
                       unnest(?::bigint[]), unnest(?::bigint[]), unnest(?::bytea[]),
                       unnest(?::timestamptz[]))
            AS u(place, account, seq, available, held, pending, debt, expiring, head, last_at)
          WHERE a.ctid = u.place AND a.account = u.account
          RETURNING 1)
      SELECT 1 / (count(*) = cardinality(?::text[]))::int FROM updated""";

  private static final BulkInsert<Hold> NEW_HOLDS =
      new BulkInsert<Hold>("hold")
          .column("hold_id", "uuid", Hold::id)
          .column("account", "text", h -> h.account().name())
          .column("bucket", "smallint", h -> h.account().bucket())
          .column("source", "text", Hold::source)
          .column("status", "text", h -> h.state().status().wire())
          .column("amount", "bigint", h -> h.state().amount())
          .column("captured", "bigint", h -> h.state().captured())
          .column("released", "bigint", h -> h.state().released())
          .column("expires_at", "timestamptz", h -> h.state().expiresAt())
          .column("created_at", "timestamptz", Hold::createdAt)
          .column("lots", "text", "%s::uuid[]", h -> array(h.parcels(), Parcel::lotId))
          .column("lot_amounts", "text", "%s::bigint[]", h -> array(h.parcels(), Parcel::amount));

  private static final String UPDATE_HOLDS =
      """
      UPDATE hold h
      SET status = u.status, captured = u.captured, released = u.released,
          lots = u.lots::uuid[], lot_amounts = u.lot_amounts::bigint[]
      FROM (SELECT unnest(?::uuid[]), unnest(?::text[]), unnest(?::bigint[]),
                   unnest(?::bigint[]), unnest(?::text[]), unnest(?::text[]))
        AS u(hold_id, status, captured, released, lots, lot_amounts)
      WHERE h.hold_id = u.hold_id AND h.status = 'active'""";

  private static final BulkInsert<Lot> NEW_LOTS =
      new BulkInsert<Lot>("lot")
          .column("lot_id", "uuid", Lot::id)
          .column("account", "text", l -> l.account().name())
          .column("bucket", "smallint", l -> l.account().bucket())
          .column("source", "text", Lot::source)
          .column("seq", "bigint", Lot::seq)
          .column("amount", "bigint", Lot::amount)
          .column("remaining", "bigint", Lot::remaining)
          .column("status", "text", l -> l.status().wire())
          .column("expires_at", "timestamptz", Lot::expiresAt)
          .column("available_at", "timestamptz", Lot::availableAt);

  private static final String UPDATE_LOTS =
      """
      UPDATE lot l
      SET remaining = u.remaining, status = u.status
      FROM (SELECT unnest(?::uuid[]), unnest(?::bigint[]), unnest(?::text[]))
        AS u(lot_id, remaining, status)
      WHERE l.lot_id = u.lot_id""";

  private static final String ADD_CREDITED =
      """
      INSERT INTO credit_day AS c (source, day, points)
      SELECT * FROM unnest(?::text[], ?::date[], ?::bigint[])
      ON CONFLICT (source, day) DO UPDATE SET points = c.points + excluded.points""";

  private Writing() {}

  /**
   * The statements that write {@code changes} and commit.
   *
   * @param before what there was, to tell what is new from what changes
   * @param countCredits whether a daily ceiling is set, so that the days' sums are needed
   */
  static Pipeline statements(Changes changes, LoadedBooks before, boolean countCredits) {
    Pipeline pipeline = new Pipeline();
    writeAccounts(pipeline, changes, before);
    OPERATIONS.addTo(pipeline, operations(changes));
    TRANSACTIONS.addTo(pipeline, changes.transactions());
    REFUSALS.addTo(pipeline, changes.refusals());
    writeHolds(pipeline, changes, before);
    writeLots(pipeline, changes, before);
    if (countCredits && !changes.credited().isEmpty()) {
      addCredited(pipeline, changes);
    }
    return pipeline.update("COMMIT", List.of());
  }

  /**
   * Sorted, so that two processes which meet on a unique index do so in one order and one waits for
   * the other instead of both for each other.
   */
  private static List<Registered> operations(Changes changes) {
    return Stream.concat(changes.transactions().stream(), changes.refusals().stream())
        .map(Registered::of)
        .sorted(Comparator.comparing(Registered::key))
        .toList();
  }

  private static void writeAccounts(Pipeline pipeline, Changes changes, LoadedBooks before) {
    List<Account> created = new ArrayList<>();
    List<Account> moved = new ArrayList<>();
    for (Account account : sorted(changes, before)) {
      (before.account(account.id()).seq() == 0 ? created : moved).add(account);
    }
    // Those that are there first, as who locks before reading has locked them by now: one order.
    if (!moved.isEmpty()) {
      Pipeline.Param names = param("text", moved, a -> a.id().name());
      pipeline.update(
          UPDATE_ACCOUNTS,
          List.of(
              param("tid", moved, a -> before.place(a.id())),
              names,
              param("bigint", moved, Account::seq),
              param("bigint", moved, a -> a.balance().available()),
              param("bigint", moved, a -> a.balance().held()),
              param("bigint", moved, a -> a.balance().pending()),
              param("bigint", moved, a -> a.balance().debt()),
              param("bigint", moved, Account::expiring),
              param("bytea", moved, a -> a.head().bytes()),
              param("timestamptz", moved, Account::lastAt),
              names));
    }
    NEW_ACCOUNTS.addTo(pipeline, created);
  }

  /**
   * By name, so that two processes lock in one order. Accounts on which something was only refused
   * are among them, and are written as they are: whoever decided by them meanwhile, at a time when
   * a hold was not over yet perhaps, has then come too late and must decide anew.
   */
  private static Collection<Account> sorted(Changes changes, LoadedBooks before) {
    Map<AccountId, Account> accounts = new TreeMap<>();
    for (Refusal refusal : changes.refusals()) {
      Account account = before.account(refusal.account());
      if (account.seq() > 0) {
        accounts.put(account.id(), account);
      }
    }
    changes.accounts().forEach(account -> accounts.put(account.id(), account));
    return accounts.values();
  }

  private static void writeHolds(Pipeline pipeline, Changes changes, LoadedBooks before) {
    List<Hold> placed = new ArrayList<>();
    List<Hold> moved = new ArrayList<>();
    changes.holds().forEach(h -> (before.hold(h.id()) == null ? placed : moved).add(h));
    NEW_HOLDS.addTo(pipeline, placed);
    if (!moved.isEmpty()) {
      pipeline.update(
          UPDATE_HOLDS,
          List.of(
              param("uuid", moved, Hold::id),
              param("text", moved, h -> h.state().status().wire()),
              param("bigint", moved, h -> h.state().captured()),
              param("bigint", moved, h -> h.state().released()),
              param("text", moved, h -> array(h.parcels(), Parcel::lotId)),
              param("text", moved, h -> array(h.parcels(), Parcel::amount))));
    }
  }

  private static void writeLots(Pipeline pipeline, Changes changes, LoadedBooks before) {
    List<Lot> opened = new ArrayList<>();
    List<Lot> moved = new ArrayList<>();
    changes.lots().forEach(l -> (before.lot(l.id()) == null ? opened : moved).add(l));
    NEW_LOTS.addTo(pipeline, opened);
    if (!moved.isEmpty()) {
      pipeline.update(
          UPDATE_LOTS,
          List.of(
              param("uuid", moved, Lot::id),
              param("bigint", moved, Lot::remaining),
              param("text", moved, l -> l.status().wire())));
    }
  }

  private static void addCredited(Pipeline pipeline, Changes changes) {
    List<Changes.CreditDay> days =
        changes.credited().keySet().stream()
            .sorted(Comparator.comparing(Changes.CreditDay::source))
            .toList();
    pipeline.update(
        ADD_CREDITED,
        List.of(
            param("text", days, Changes.CreditDay::source),
            param("date", days, day -> day.day().toString()),
            param("bigint", days, changes.credited()::get)));
  }

  private static <T> BulkInsert<T> request(BulkInsert<T> insert, Function<T, Request> request) {
    return insert
        .column("expires_at", "timestamptz", t -> request.apply(t).expiresAt())
        .column("available_at", "timestamptz", t -> request.apply(t).availableAt())
        .column("expires_in", "integer", t -> request.apply(t).expiresInSeconds())
        .column("final", "boolean", t -> request.apply(t).isFinal())
        .column("policy", "text", t -> policy(request.apply(t)));
  }

  /** Where the amount asked for is always the amount moved, it is not written twice. */
  private static @Nullable Long requestedAmount(Transaction transaction) {
    return switch (transaction.type()) {
      case CREDIT, DEBIT, HOLD -> null;
      case CAPTURE, RELEASE, REFUND, REVERSE, EXPIRE_HOLD, ACTIVATE, EXPIRE_LOT, ADJUST ->
          transaction.request().amount();
    };
  }

  private static @Nullable Object policy(Request request) {
    return request.policy() == null ? null : request.policy().wire();
  }

  private static <T> BulkInsert<T> holdState(
      BulkInsert<T> insert, Function<T, @Nullable HoldState> hold) {
    return insert
        .column("hold_id", "uuid", t -> of(hold.apply(t), HoldState::holdId))
        .column("hold_status", "text", t -> of(hold.apply(t), h -> h.status().wire()))
        .column("hold_amount", "bigint", t -> of(hold.apply(t), HoldState::amount))
        .column("hold_captured", "bigint", t -> of(hold.apply(t), HoldState::captured))
        .column("hold_released", "bigint", t -> of(hold.apply(t), HoldState::released))
        .column("hold_expires_at", "timestamptz", t -> of(hold.apply(t), HoldState::expiresAt));
  }

  private static @Nullable Object of(
      @Nullable HoldState hold, Function<HoldState, Object> property) {
    return hold == null ? null : property.apply(hold);
  }

  private static <T> Pipeline.Param param(
      String type, Collection<T> rows, Function<T, @Nullable Object> value) {
    List<@Nullable Object> values = new ArrayList<>(rows.size());
    for (T row : rows) {
      values.add(value.apply(row));
    }
    return new Pipeline.Param(type, values);
  }

  /** A PostgreSQL array in its text form, or {@code null} if it would be empty. */
  private static <T> @Nullable String list(
      List<T> elements, Function<T, @Nullable Object> element) {
    return elements.isEmpty() ? null : array(elements, element);
  }

  private static <T> String array(List<T> elements, Function<T, @Nullable Object> element) {
    return elements.stream()
        .map(e -> String.valueOf(element.apply(e)))
        .collect(Collectors.joining(",", "{", "}"));
  }
}
