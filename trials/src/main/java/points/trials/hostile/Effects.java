package points.trials.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What callers were told was done, to be compared with what the databases say was done. Each must
 * have the other. Thread-safe.
 */
final class Effects {
  private static final int SHOWN_MAX = 5;

  /**
   * What a successful call makes: the table of it, the column of its id, its name in the answer.
   */
  private record Made(Target by, String table, String column, String name) {}

  private static final List<Made> MADE =
      List.of(
          new Made(Target.QUEST, "quest", "id", "quest_id"),
          new Made(Target.QUEST, "purchase", "id", "purchase_id"),
          new Made(Target.VOUCHER, "voucher", "id", "voucher_id"),
          new Made(Target.VOUCHER, "purchase", "id", "purchase_id"),
          new Made(Target.RIELT, "listing", "id", "listing_id"),
          new Made(Target.RIELT, "purchase", "id", "booking_id"),
          new Made(Target.REFERRAL, "member", "user_id", "user_id"));

  /**
   * All but those of the ledger itself, of Connect (whose external ids are UUIDs of version 5) and
   * of the selling services.
   */
  private static final String TRANSACTIONS =
      """
      SELECT transaction_id FROM points.transaction t
      WHERE type IN ('credit', 'debit', 'hold', 'capture', 'release', 'refund', 'reverse')
        AND NOT (source = 'connect' AND external_id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-')
        AND NOT (source = 'quest' AND split_part(external_id, ':', 2) IN
                 (SELECT id::text FROM quest.purchase))
        AND NOT (source = 'voucher' AND split_part(external_id, ':', 2) IN
                 (SELECT id::text FROM voucher.purchase))
        AND NOT (source = 'rielt' AND split_part(external_id, ':', 2) IN
                 (SELECT id::text FROM rielt.purchase))
      """;

  /** Events that no service told of its own accord: theirs have ids of version 7. */
  private static final String EVENTS =
      """
      SELECT count(*) FROM connect.event
      WHERE id !~ '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$'
      """;

  private static final String REVISIONS =
      "SELECT rule || ' ' || revision FROM connect.rule_revision";

  private final Map<String, Set<String>> told = new ConcurrentHashMap<>();
  private final AtomicLong eventsAccepted = new AtomicLong();

  /** Takes the rules that Connect has loaded at its start as told: nobody called for them. */
  void begin(AllServices services) throws SQLException, IOException {
    try (Connection database = services.database()) {
      column(database, REVISIONS).forEach(revision -> tell("revision", revision));
    }
  }

  /** Notes what an answer says was done. */
  void note(Target target, String method, int status, JsonNode answer) {
    if (method.equals("GET")) {
      return;
    }
    switch (target) {
      case POINTS -> noteTransactions(status, answer);
      case CONNECT -> noteConnect(status, answer);
      // A purchase that Points refused is kept too, and says so.
      case QUEST, VOUCHER, RIELT, REFERRAL -> noteMade(target, status, answer);
    }
  }

  private void noteTransactions(int status, JsonNode answer) {
    if (status < 300 && answer.has("transaction_id")) {
      tell("transaction", answer.path("transaction_id").asText());
    }
    answer
        .path("results")
        .forEach(item -> noteTransactions(item.path("status").asInt(500), item.path("body")));
  }

  private void noteConnect(int status, JsonNode answer) {
    eventsAccepted.addAndGet(answer.path("accepted").asLong());
    if (status == 201 && answer.has("revision")) {
      tell("revision", answer.path("rule").asText() + " " + answer.path("revision").asText());
    }
  }

  private void noteMade(Target target, int status, JsonNode answer) {
    for (Made made : MADE) {
      boolean makes = status < 300 || (status == 422 && made.table().equals("purchase"));
      if (made.by() == target && makes && answer.has(made.name())) {
        // A purchase names its quest too; that one exists anyway.
        tell(made.by() + made.table(), answer.path(made.name()).asText());
      }
    }
  }

  private void tell(String kind, String id) {
    told.computeIfAbsent(kind, k -> ConcurrentHashMap.newKeySet()).add(id);
  }

  /** How many there were. */
  long count() {
    return told.values().stream().mapToLong(Set::size).sum() + eventsAccepted.get();
  }

  /** How the databases differ from what was told; empty if they do not. */
  List<String> differences(AllServices services) throws SQLException, IOException {
    List<String> differences = new ArrayList<>();
    try (Connection database = services.database()) {
      compare("transaction", column(database, TRANSACTIONS), differences);
      for (Made made : MADE) {
        String query =
            "SELECT %s FROM %s.%s".formatted(made.column(), made.by().schema(), made.table());
        compare(made.by() + made.table(), column(database, query), differences);
      }
      compare("revision", column(database, REVISIONS), differences);
      long events = Long.parseLong(column(database, EVENTS).getFirst());
      if (events != eventsAccepted.get()) {
        differences.add(
            "%d events were accepted, %d are there".formatted(eventsAccepted.get(), events));
      }
    }
    return differences;
  }

  private void compare(String kind, List<String> there, List<String> differences) {
    Set<String> unexplained = new TreeSet<>(there);
    Set<String> lost = new TreeSet<>(told.getOrDefault(kind, Set.of()));
    lost.removeAll(unexplained);
    unexplained.removeAll(told.getOrDefault(kind, Set.of()));
    describe(kind, "done without an answer that said so", unexplained, differences);
    describe(kind, "said to be done, and not there", lost, differences);
  }

  private static void describe(
      String kind, String what, Set<String> ids, List<String> differences) {
    if (!ids.isEmpty()) {
      differences.add(
          String.format(
              Locale.ROOT,
              "%s: %d %s, such as %s",
              kind,
              ids.size(),
              what,
              ids.stream().limit(SHOWN_MAX).toList()));
    }
  }

  private static List<String> column(Connection database, String query) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }
}
