package points.service.postgres;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import points.kit.Database;
import points.kit.DatabaseUrl;
import points.kit.Metrics;
import points.kit.TestPostgres;
import points.ledger.Ids;
import points.ledger.Limits;

/** Ledgers on fresh databases of a real PostgreSQL. */
final class TestLedgers {
  private TestLedgers() {}

  /** A fresh database with the schema. */
  static Database newDatabase(Metrics metrics) {
    DatabaseUrl url =
        Objects.requireNonNull(DatabaseUrl.parse(TestPostgres.shared().newDatabase()));
    return Database.open(new Database.Config(url, "points", "classpath:points/db", 4), metrics);
  }

  /** A ledger on it. */
  static PostgresLedger on(Database database, InstantSource clock, Limits limits) {
    return new PostgresLedger(
        database.pool("lanes", 2, LedgerConnections.SET_UP),
        database.dataSource(),
        clock,
        new Ids(new SecureRandom()),
        limits,
        Duration.ofSeconds(5));
  }
}
