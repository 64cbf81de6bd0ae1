package points.service.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;
import points.service.postgres.Verifier;

/** The books of a database, looked at past the service. */
final class Books {
  private final String jdbc;

  /** Of the database at {@code postgresql://…}. */
  Books(String databaseUrl) {
    this.jdbc =
        databaseUrl.replaceFirst("^postgresql://postgres@", "jdbc:postgresql://")
            + "?user=postgres&currentSchema=points";
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbc);
  }

  /** Runs statements as the superuser. */
  void run(String sql) {
    try (Connection connection = connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The first column of the first row, or {@code "nothing"}. */
  String text(String sql) {
    try (Connection connection = connect();
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      return row.next() ? String.valueOf(row.getString(1)) : "nothing";
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The first column of every row. */
  List<String> texts(String sql) {
    try (Connection connection = connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  long number(String sql) {
    return Long.parseLong(text(sql));
  }

  /** Nothing may be wrong, and no external id may have two effects. */
  void assertSound() {
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(jdbc);
    try {
      Verifier.Result result =
          new Verifier(database).pass((accounts, transactions) -> {}, Verifier.Pace.FULL);
      assertThat(result.findings()).isEmpty();
      assertThat(result.transactions()).isPositive();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    assertThat(
            number(
                """
                SELECT count(*) FROM (SELECT FROM transaction
                GROUP BY source, external_id HAVING count(*) > 1) twice"""))
        .as("external ids with two effects")
        .isZero();
  }
}
