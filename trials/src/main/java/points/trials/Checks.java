package points.trials;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Collectors;
import points.ledger.AccountId;
import points.ledger.ExternalKey;
import points.ledger.Ids;
import points.ledger.Limits;
import points.ledger.Replay;
import points.ledger.Transaction;
import points.service.postgres.LedgerClock;
import points.service.postgres.PostgresLedger;
import points.service.postgres.Recent;

/** What must be true of a history after the faults have healed. */
final class Checks implements AutoCloseable {
  /** The promise: this long after healing every unknown outcome can be had. */
  private static final Duration RESOLVE_TIME = Duration.ofSeconds(30);

  private static final int SHOWN_MAX = 8;
  private static final int CONNECTIONS = 2;
  private static final int REPEATED_MAX = 500;

  private final Workload workload;
  private final Server server;
  private final HikariDataSource database;
  private final PostgresLedger ledger;
  private final List<String> broken;

  private Checks(Workload workload, Server server) {
    this.workload = workload;
    this.server = server;
    HikariConfig connections = new HikariConfig();
    connections.setDataSource(server.source(Field.DATABASE));
    connections.setMaximumPoolSize(CONNECTIONS);
    database = new HikariDataSource(connections);
    ledger =
        new PostgresLedger(
            database,
            database,
            LedgerClock.of(InstantSource.system()),
            new Ids(new SecureRandom()),
            Limits.NONE,
            Duration.ofSeconds(5),
            new Recent(0));
    broken = new ArrayList<>(workload.wrong());
  }

  /**
   * Resolves what is unknown and checks everything.
   *
   * @throws AssertionError if anything is not as promised
   */
  static Map<String, Long> all(Workload workload, Server server, Follower follower)
      throws SQLException, IOException, InterruptedException {
    try (Checks checks = new Checks(workload, server)) {
      Map<String, Long> figures = checks.histories(REPEATED_MAX);
      List<Call> calls = workload.calls();
      checks.counts(calls);
      checks.feed(follower);
      checks.invariants();
      checks.requireWhole();
      return figures;
    }
  }

  /**
   * Resolves what is unknown and checks only that each account is linearizable: for one of several
   * workloads on a server.
   *
   * @param repeated how many of its operations are sent again
   * @throws AssertionError if anything is not as promised
   */
  static Map<String, Long> histories(Workload workload, Server server, int repeated) {
    try (Checks checks = new Checks(workload, server)) {
      Map<String, Long> figures = checks.histories(repeated);
      checks.requireWhole();
      return figures;
    }
  }

  private Map<String, Long> histories(int repeated) {
    long unknown = resolve();
    List<Call> calls = workload.calls();
    long steps = replay(calls);
    order(calls);
    repeats(calls, repeated);
    Map<String, Long> figures = new LinkedHashMap<>();
    figures.put("operations", (long) calls.size());
    figures.put("repeats", workload.repeats());
    figures.put("without an answer", workload.unanswered());
    figures.put("unknown at the end and resolved", unknown);
    figures.put("steps replayed on the model", steps);
    return figures;
  }

  private void requireWhole() {
    if (!broken.isEmpty()) {
      List<String> first = broken.subList(0, Math.min(SHOWN_MAX, broken.size()));
      throw new AssertionError(broken.size() + " broken promises:\n" + String.join("\n", first));
    }
  }

  /** Every unknown outcome is known soon after healing. */
  private long resolve() {
    List<Call> unknown = workload.calls().stream().filter(c -> c.reply() == null).toList();
    SplittableRandom random = new SplittableRandom(1);
    long giveUp = System.nanoTime() + RESOLVE_TIME.toNanos();
    for (Call call : unknown) {
      while (!workload.send(call, random)) {
        if (System.nanoTime() > giveUp) {
          broken.add("still unknown " + RESOLVE_TIME + " after healing: " + call);
          break;
        }
        Server.pause(50);
      }
    }
    return unknown.size();
  }

  /** The ledger did what one that takes the calls one by one would have done. */
  private long replay(List<Call> calls) {
    List<AccountId> accounts = workload.accounts().stream().map(AccountId::new).toList();
    List<ExternalKey> refused = calls.stream().filter(c -> isRefused(c)).map(Checks::key).toList();
    Replay.Result result = Replay.of(ledger, accounts, refused);
    result.differences().forEach(d -> broken.add("not what the model does: " + d));
    return result.steps();
  }

  private static boolean isRefused(Call call) {
    Reply reply = call.reply();
    return reply != null && reply.isRefused();
  }

  private static boolean isDone(Call call) {
    Reply reply = call.reply();
    return reply != null && reply.isDone();
  }

  private static ExternalKey key(Call call) {
    return new ExternalKey(call.source, call.externalId);
  }

  /** What was acknowledged is there, what was refused had no effect, and nothing else happened. */
  private void counts(List<Call> calls) throws SQLException {
    broken.addAll(counts(calls, server));
  }

  private static List<String> counts(List<Call> calls, Server server) throws SQLException {
    long done = calls.stream().filter(Checks::isDone).count();
    long refused = calls.stream().filter(Checks::isRefused).count();
    List<String> wrong = new ArrayList<>();
    wrong.addAll(count(server, "transactions", done, "transaction WHERE source <> 'points'"));
    wrong.addAll(count(server, "refusals", refused, "refusal"));
    wrong.addAll(
        count(
            server,
            "external ids with two effects",
            0,
            "(SELECT FROM transaction GROUP BY source, external_id HAVING count(*) > 1) twice"));
    return wrong;
  }

  private static List<String> count(Server server, String what, long expected, String rows)
      throws SQLException {
    long there = Long.parseLong(server.ask(Field.DATABASE, "SELECT count(*) FROM " + rows));
    return there == expected
        ? List.of()
        : List.of("%s: %d told of, %d there".formatted(what, expected, there));
  }

  /**
   * Checks the books as a whole after several workloads.
   *
   * @throws AssertionError if anything is not as promised
   */
  static void whole(List<Call> calls, Server server) throws SQLException {
    List<String> wrong = new ArrayList<>(counts(calls, server));
    server.verify(Field.DATABASE).forEach(finding -> wrong.add(finding.toString()));
    if (!wrong.isEmpty()) {
      throw new AssertionError(String.join("\n", wrong));
    }
  }

  /** An operation that was answered before another began comes before it in the ledger. */
  private void order(List<Call> calls) {
    Map<String, Call> byTransaction = new HashMap<>();
    for (Call call : calls) {
      Reply reply = call.reply();
      if (reply != null && reply.isDone()) {
        String id = reply.body().path("transaction_id").asText();
        if (byTransaction.put(id, call) != null) {
          broken.add("two external ids were told of one transaction: " + call);
        }
      }
    }
    Set<String> found = new HashSet<>();
    for (String account : workload.accounts()) {
      List<Transaction> history = ledger.history(new AccountId(account));
      long latestStart = Long.MIN_VALUE;
      for (Transaction transaction : history) {
        Call call = byTransaction.get(transaction.id().toString());
        if (call == null) {
          continue; // the service's own
        }
        found.add(transaction.id().toString());
        if (call.returned() < latestStart) {
          broken.add("answered before another began, and yet after it in the ledger: " + call);
        }
        latestStart = Math.max(latestStart, call.invoked);
        String balance = transaction.balance().available() + "";
        Reply reply = call.reply();
        if (reply != null
            && !reply.body().path("balance").path("available").asText().equals(balance)) {
          broken.add("told another balance than the ledger's " + balance + ": " + call);
        }
      }
    }
    byTransaction.forEach(
        (id, call) -> {
          if (!found.contains(id)) {
            broken.add("acknowledged and lost: " + call);
          }
        });
  }

  /** Everything is answered again as it was the first time. */
  private void repeats(List<Call> calls, int most) {
    SplittableRandom random = new SplittableRandom(2);
    List<Call> some = calls.stream().filter(c -> c.reply() != null).limit(most).toList();
    for (Call call : some) {
      if (!workload.repeat(call, random)) {
        broken.add("cannot be repeated although all is well: " + call);
      }
    }
    workload.wrong().stream().filter(w -> !broken.contains(w)).forEach(broken::add);
  }

  /** The reader of events was told everything once, and of each account in its order. */
  private void feed(Follower follower) throws SQLException, IOException, InterruptedException {
    long there = Long.parseLong(server.ask(Field.DATABASE, "SELECT count(*) FROM transaction"));
    List<Follower.Seen> seen = follower.stop(there);
    if (seen.size() != there) {
      broken.add("%d transactions, %d published".formatted(there, seen.size()));
    }
    Map<String, List<String>> published =
        seen.stream()
            .collect(
                Collectors.groupingBy(
                    Follower.Seen::account,
                    Collectors.mapping(Follower.Seen::transactionId, Collectors.toList())));
    for (String account : workload.accounts()) {
      List<String> history =
          ledger.history(new AccountId(account)).stream()
              .sorted(Comparator.comparingLong(Transaction::seq))
              .map(Transaction::id)
              .map(UUID::toString)
              .toList();
      if (!history.equals(published.getOrDefault(account, List.of()))) {
        broken.add("published in another order or number than posted: " + account);
      }
    }
  }

  private void invariants() throws SQLException {
    server.verify(Field.DATABASE).forEach(finding -> broken.add(finding.toString()));
  }

  @Override
  public void close() {
    database.close();
  }
}
