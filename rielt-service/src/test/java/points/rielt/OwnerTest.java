package points.rielt;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import points.kit.TestPostgres;
import points.purchases.Surroundings;

/** The service needs no superuser: who owns the database may install what its index needs. */
class OwnerTest {
  @Test
  void itStartsAsTheOwnerOfTheDatabase() throws SQLException {
    TestPostgres postgres = TestPostgres.shared();
    try (var connection = postgres.connect("postgres");
        var statement = connection.createStatement()) {
      statement.execute("CREATE ROLE rielt_owner LOGIN");
      statement.execute("CREATE DATABASE rielt_owned OWNER rielt_owner");
    }
    String url = "postgresql://rielt_owner@127.0.0.1:" + postgres.port() + "/rielt_owned";
    try (Surroundings around = new Surroundings("rielt");
        TestRielt rielt = new TestRielt(around, Map.of("database.url", url))) {
      String booked =
          rielt
              .book(rielt.listing(100), around.user(100), "2026-12-24", "2026-12-25", 100)
              .text("state");
      assertThat(booked).isEqualTo("reserved");
    }
  }
}
