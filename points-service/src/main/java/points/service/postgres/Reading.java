package points.service.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import points.kit.Pipeline;
import points.ledger.AccountId;
import points.ledger.Command;
import points.ledger.Hold;
import points.ledger.LotMove;
import points.ledger.Operation;
import points.ledger.Parcel;
import points.ledger.Transaction;

/**
 * Reads what a batch of commands needs, all of it as of one moment or with its accounts locked, in
 * one round trip; and in further ones what only then shows to be needed: lots, the wording of
 * earlier refusals, and whether external ids were used before.
 */
final class Reading {
  /**
   * Accounts are always locked in the order of their names, whoever locks them: so of two batches
   * that share accounts, one waits for the other and never both for each other.
   */
  private static final String LOCK =
      "SELECT ctid, * FROM account WHERE account = ANY (?::text[]) ORDER BY account FOR UPDATE";

  private static final String READ = "SELECT ctid, * FROM account WHERE account = ANY (?::text[])";

  /** With the accounts locked, what is read after them must be as new as they are. */
  private static final String AS_COMMITTED = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED";

  private static final String BY_IDS =
      """
      SELECT ctid, * FROM account
      WHERE account IN (
          SELECT unnest(?::text[])
          UNION SELECT account FROM hold WHERE hold_id = ANY (?::uuid[])
          UNION SELECT account FROM transaction WHERE transaction_id = ANY (?::uuid[]))""";

  private static final String LOCK_BY_IDS = BY_IDS + "\nORDER BY account FOR UPDATE";

  private static final String OUTCOMES =
      """
      SELECT o.key AS operation_key, t.*
      FROM operation o LEFT JOIN transaction t ON t.transaction_id = o.transaction_id
      WHERE o.key = ANY (?::uuid[])""";

  private static final String REFUSALS = "SELECT * FROM refusal WHERE key = ANY (?::uuid[])";

  private static final String HOLDS = "SELECT * FROM hold WHERE hold_id = ANY (?::uuid[])";

  private static final String EARLIER =
      """
      SELECT * FROM transaction WHERE transaction_id = ANY (?::uuid[])
      UNION ALL
      SELECT * FROM transaction WHERE refers_to = ANY (?::uuid[])""";

  private static final String LOTS = "SELECT * FROM lot WHERE lot_id = ANY (?::uuid[])";

  private static final int SOONEST_MAX = 256;

  private static final String SOONEST_LOTS =
      """
      SELECT l.*
      FROM unnest(?::text[]) AS a(account)
      CROSS JOIN LATERAL (
          SELECT * FROM lot
          WHERE lot.account = a.account AND status = 'open' AND remaining > 0
          ORDER BY expires_at, seq
          LIMIT 256) l""";

  private static final String ALL_LOTS =
      """
      SELECT * FROM lot
      WHERE account = ANY (?::text[]) AND status = 'open' AND remaining > 0""";

  private static final String CREDITED_ENSURE =
      """
      INSERT INTO credit_day (source, day, points)
      SELECT source, day, 0 FROM unnest(?::text[], ?::date[]) AS d(source, day)
      ON CONFLICT DO NOTHING""";

  private static final String CREDITED =
      """
      SELECT source, day, points FROM credit_day
      WHERE source = ANY (?::text[]) AND day = ANY (?::date[])
      ORDER BY source FOR UPDATE""";

  private final List<Command> commands;
  private final How how;
  private final LoadedBooks books = new LoadedBooks();
  private final Set<String> accounts = new TreeSet<>();
  private final Set<AccountId> spending = new HashSet<>();
  private final Set<UUID> holds = new HashSet<>();
  private final Set<UUID> earlier = new HashSet<>();
  private final Set<UUID> refused = new HashSet<>();

  /**
   * How to read.
   *
   * @param locking whether to lock the accounts, or only to take note of where they are
   * @param lookUp whether to look the external ids up, or to leave it to the register's unique
   *     index to refuse those that were used before
   * @param allLots whether to read all open lots of those who spend, or only the soonest to expire:
   *     these are nearly always enough
   */
  record How(boolean locking, boolean lookUp, boolean allLots) {}

  /** Prepares to read for these commands. */
  Reading(List<Command> commands, How how) {
    this.commands = commands;
    this.how = how;
    commands.forEach(command -> note(command.operation()));
  }

  private void note(Operation operation) {
    switch (operation) {
      case Operation.OnAccount on -> {
        accounts.add(on.account().name());
        if (!(on instanceof Operation.Credit)) {
          spending.add(on.account());
        }
      }
      case Operation.OnHold on -> holds.add(on.holdId());
      case Operation.OnTransaction on -> earlier.add(on.transactionId());
    }
  }

  /** Reads; the transaction that it opens on {@code connection} holds the locks, or the moment. */
  LoadedBooks read(Connection connection) throws SQLException {
    first().run(connection);
    second().run(connection);
    return books;
  }

  /** Looks the external ids up after all, as of the same moment or under the same locks. */
  void lookUp(Connection connection) throws SQLException {
    Pipeline pipeline = new Pipeline();
    lookUp(pipeline);
    pipeline.run(connection);
    refusals().run(connection);
  }

  /** Locks and reads the sums of the day's credits, first of all, so that locks keep one order. */
  void readCredited(Connection connection, Instant now) throws SQLException {
    List<String> sources =
        commands.stream().map(c -> c.key().source()).distinct().sorted().toList();
    String day = LocalDate.ofInstant(now, ZoneOffset.UTC).toString();
    Pipeline.Param sourceParam = new Pipeline.Param("text", sources);
    Pipeline.Param dayParam = new Pipeline.Param("date", Collections.nCopies(sources.size(), day));
    new Pipeline()
        .update(AS_COMMITTED, List.of())
        .update(CREDITED_ENSURE, List.of(sourceParam, dayParam))
        .query(
            CREDITED,
            List.of(sourceParam, dayParam),
            row ->
                books.addCredited(
                    row.getString("source"),
                    row.getObject("day", LocalDate.class),
                    row.getLong("points")))
        .run(connection);
  }

  private Pipeline first() {
    Pipeline pipeline = new Pipeline();
    if (how.locking()) {
      pipeline.update(AS_COMMITTED, List.of());
    }
    Pipeline.Param names = new Pipeline.Param("text", List.copyOf(accounts));
    if (holds.isEmpty() && earlier.isEmpty()) {
      pipeline.query(how.locking() ? LOCK : READ, List.of(names), this::account);
    } else {
      pipeline.query(
          how.locking() ? LOCK_BY_IDS : BY_IDS,
          List.of(names, ids(holds), ids(earlier)),
          this::account);
    }
    if (how.lookUp()) {
      lookUp(pipeline);
    }
    if (!holds.isEmpty()) {
      pipeline.query(HOLDS, List.of(ids(holds)), row -> books.add(Rows.hold(row)));
    }
    if (!earlier.isEmpty()) {
      pipeline.query(
          EARLIER,
          List.of(ids(earlier), ids(earlier)),
          row -> books.addEarlier(Rows.transaction(row)));
    }
    return pipeline;
  }

  private void lookUp(Pipeline pipeline) {
    Set<UUID> keys = new HashSet<>();
    commands.forEach(command -> keys.add(OperationKey.of(command.key())));
    pipeline.query(OUTCOMES, List.of(ids(keys)), this::outcome);
  }

  private void account(ResultSet row) throws SQLException {
    books.add(Rows.account(row), row.getString("ctid"));
  }

  private void outcome(ResultSet row) throws SQLException {
    if (row.getString("transaction_id") == null) {
      refused.add(row.getObject("operation_key", UUID.class));
    } else {
      books.addOutcome(Rows.transaction(row));
    }
  }

  private Pipeline second() {
    Pipeline pipeline = refusals();
    Set<UUID> lots = lotsNamed();
    if (!lots.isEmpty()) {
      pipeline.query(LOTS, List.of(ids(lots)), row -> books.add(Rows.lot(row)));
    }
    List<String> spenders =
        spending.stream()
            .filter(id -> books.account(id).expiring() > 0)
            .map(AccountId::name)
            .toList();
    if (!spenders.isEmpty()) {
      pipeline.query(
          how.allLots() ? ALL_LOTS : SOONEST_LOTS,
          List.of(new Pipeline.Param("text", spenders)),
          row -> books.addOpen(Rows.lot(row), how.allLots() ? Integer.MAX_VALUE : SOONEST_MAX));
    }
    return pipeline;
  }

  private Pipeline refusals() {
    Pipeline pipeline = new Pipeline();
    if (!refused.isEmpty()) {
      pipeline.query(REFUSALS, List.of(ids(refused)), row -> books.addOutcome(Rows.refusal(row)));
    }
    return pipeline;
  }

  /** The lots that holds, charges and credits name; a reversal may spend others besides. */
  private Set<UUID> lotsNamed() {
    Set<UUID> lots = new HashSet<>();
    for (UUID id : holds) {
      Hold hold = books.hold(id);
      if (hold != null) {
        hold.parcels().stream().map(Parcel::lotId).filter(l -> l != null).forEach(lots::add);
      }
    }
    for (UUID id : earlier) {
      Transaction transaction = books.transaction(id);
      if (transaction != null) {
        transaction.moves().stream().map(LotMove::lotId).forEach(lots::add);
        spending.add(transaction.account());
      }
    }
    return lots;
  }

  private static Pipeline.Param ids(Set<UUID> ids) {
    return new Pipeline.Param("uuid", List.copyOf(ids));
  }
}
