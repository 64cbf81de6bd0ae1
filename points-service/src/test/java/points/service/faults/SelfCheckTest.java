package points.service.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import points.kit.TestPostgres;
import points.service.TestService;
import points.service.contract.Answer;
import points.service.contract.ApiClient;

/**
 * Corruption, planted past all constraints, is found; the account is frozen, its neighbours not.
 */
class SelfCheckTest {
  private static final String PAST_TRIGGERS = "SET session_replication_role = replica; ";

  /**
   * What is planted, and what repairs it; {@code $} stands for the kind, which names the account.
   */
  private record Kind(String name, String plant, String repair) {
    String account() {
      return "user:" + name;
    }

    private String sql(String template) {
      return PAST_TRIGGERS + template.replace("$", name);
    }
  }

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              "balance",
              "UPDATE account SET available = available + 1 WHERE account = 'user:$'",
              "UPDATE account SET available = available - 1 WHERE account = 'user:$'"),
          new Kind(
              "amount",
              "UPDATE transaction SET amount = amount + 1 WHERE account = 'user:$' AND seq = 2",
              "UPDATE transaction SET amount = amount - 1 WHERE account = 'user:$' AND seq = 2"),
          new Kind(
              "deleted",
              "CREATE TABLE kept AS SELECT * FROM transaction WHERE account = 'user:$' AND seq = 2;"
                  + " DELETE FROM transaction WHERE account = 'user:$' AND seq = 2",
              "INSERT INTO transaction SELECT * FROM kept"),
          new Kind(
              "captured",
              "UPDATE hold SET status = 'captured', captured = amount WHERE account = 'user:$'",
              "UPDATE hold SET status = 'active', captured = 0 WHERE account = 'user:$'"),
          new Kind(
              "lot",
              "UPDATE lot SET remaining = remaining - 1 WHERE account = 'user:$'",
              "UPDATE lot SET remaining = remaining + 1 WHERE account = 'user:$'"),
          new Kind("swapped", swap("c-$", "d-$"), swap("c-$", "d-$")),
          new Kind(
              "renamed",
              "UPDATE transaction SET external_id = 'x' WHERE external_id = 'd-$'",
              "UPDATE transaction SET external_id = 'd-$' WHERE external_id = 'x'"),
          new Kind(
              "hash",
              "UPDATE transaction SET hash = set_byte(hash, 0, get_byte(hash, 0) # 1)"
                  + " WHERE account = 'user:$' AND seq = 2",
              "UPDATE transaction SET hash = set_byte(hash, 0, get_byte(hash, 0) # 1)"
                  + " WHERE account = 'user:$' AND seq = 2"),
          new Kind(
              "unregistered",
              "CREATE TABLE keptop AS SELECT * FROM operation WHERE key = operation_key('quest', 'd-$');"
                  + " DELETE FROM operation WHERE key = operation_key('quest', 'd-$')",
              "INSERT INTO operation SELECT * FROM keptop"),
          new Kind(
              "unworded",
              "CREATE TABLE keptr AS SELECT * FROM refusal WHERE external_id = 'n-$';"
                  + " DELETE FROM refusal WHERE external_id = 'n-$'",
              "INSERT INTO refusal SELECT * FROM keptr"),
          new Kind(
              "parcels",
              "UPDATE hold SET lot_amounts[1] = lot_amounts[1] + 1 WHERE account = 'user:$'",
              "UPDATE hold SET lot_amounts[1] = lot_amounts[1] - 1 WHERE account = 'user:$'"),
          new Kind(
              "extended",
              "UPDATE hold SET expires_at = expires_at + interval '1 h' WHERE account = 'user:$'",
              "UPDATE hold SET expires_at = expires_at - interval '1 h' WHERE account = 'user:$'"),
          new Kind(
              "prolonged",
              "UPDATE lot SET expires_at = expires_at + interval '1 h' WHERE account = 'user:$'",
              "UPDATE lot SET expires_at = expires_at - interval '1 h' WHERE account = 'user:$'"));

  private static String swap(String one, String other) {
    return """
        UPDATE operation o SET transaction_id = p.transaction_id FROM operation p
        WHERE o.key IN (operation_key('connect', '%1$s'), operation_key('quest', '%2$s'))
          AND p.key IN (operation_key('connect', '%1$s'), operation_key('quest', '%2$s'))
          AND o.key <> p.key"""
        .formatted(one, other);
  }

  @Test
  void plantedCorruptionIsFoundAndFrozenAndCanBeRepaired() {
    try (TestService service =
        TestService.start(
            TestPostgres.shared().newDatabase(), Map.of("selfcheck.interval", "100ms"))) {
      Books books = new Books(service.databaseUrl());
      ApiClient connect = service.as("connect");
      ApiClient quest = service.as("quest");
      KINDS.forEach(kind -> fill(connect, quest, kind));
      books.assertSound();
      KINDS.forEach(kind -> books.run(kind.sql(kind.plant())));
      for (Kind kind : KINDS) {
        Awaitility.await(kind.name())
            .atMost(Duration.ofSeconds(10))
            .until(() -> isFrozen(books, kind));
        Answer refused =
            connect.post("/internal/credit", moving(kind.account(), 1, "f-" + kind.name()));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.code()).isEqualTo("account_frozen");
      }
      Answer neighbour = connect.post("/internal/credit", moving("user:good", 1, "good"));
      assertThat(neighbour.status()).isEqualTo(201);
      KINDS.forEach(kind -> books.run(kind.sql(kind.repair())));
      books.assertSound();
      ApiClient admin = service.as("admin");
      for (Kind kind : KINDS) {
        // A check that was under way before the repair may freeze it once more.
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> worksAfterUnfreezing(admin, quest, kind));
      }
      books.assertSound();
      System.out.printf("SelfCheckTest: %d kinds of corruption%n", KINDS.size());
    }
  }

  private static boolean worksAfterUnfreezing(ApiClient admin, ApiClient quest, Kind kind) {
    Answer free =
        admin.post(
            "/internal/accounts/" + kind.account() + "/unfreeze", Map.of("reason", "repaired"));
    assertThat(free.status()).as(free.text()).isEqualTo(200);
    String id = "w-" + kind.name() + "-" + System.nanoTime(); // a refusal is remembered
    Answer works = quest.post("/internal/debit", moving(kind.account(), 1, id));
    return works.status() == 201;
  }

  private static boolean isFrozen(Books books, Kind kind) {
    return books
        .text("SELECT frozen FROM account WHERE account = '%s'".formatted(kind.account()))
        .equals("t");
  }

  private static void fill(ApiClient connect, ApiClient quest, Kind kind) {
    Map<String, Object> credit =
        Map.of(
            "account",
            kind.account(),
            "amount",
            100,
            "external_id",
            "c-" + kind.name(),
            "reason",
            "corruption",
            "expires_at",
            "2099-01-01T00:00:00Z");
    assertThat(connect.post("/internal/credit", credit).status()).isEqualTo(201);
    String account = kind.account();
    String name = kind.name();
    quest.post("/internal/debit", moving(account, 10, "d-" + name));
    quest.post("/internal/hold", moving(account, 20, "h-" + name));
    quest.post("/internal/debit", moving(account, 1000, "n-" + name));
  }

  private static Map<String, Object> moving(String account, int amount, String id) {
    return Map.of("account", account, "amount", amount, "external_id", id, "reason", "corruption");
  }
}
