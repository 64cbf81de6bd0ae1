package points.kit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** A small service's database: things that change, and tell of each change. */
final class Things implements AutoCloseable {

  final String url;
  final Metrics metrics = new Metrics("things");
  final Database database;

  Things(String url) {
    this.url = url;
    this.database =
        Database.open(
            new Database.Config(
                Objects.requireNonNull(DatabaseUrl.parse(url)), "kit", "classpath:db/kit", 20),
            metrics);
  }

  static Things fresh() {
    return new Things(TestPostgres.shared().newDatabase());
  }

  /** Changes a thing in a transaction of its own. */
  void change(String name) {
    try (Connection connection = database.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      write(connection, name);
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Changes a thing as part of a transaction. */
  static void write(Connection connection, String name) throws SQLException {
    try (var update =
        connection.prepareStatement(
            "INSERT INTO thing VALUES (?, 1)"
                + " ON CONFLICT (name) DO UPDATE SET changes = thing.changes + 1"
                + " RETURNING changes")) {
      update.setString(1, name);
      try (var row = update.executeQuery()) {
        row.next();
        ObjectNode data = StrictJson.MAPPER.createObjectNode();
        data.put("change", row.getInt(1));
        Outbox.write(connection, name, "thing.changed", data);
      }
    }
  }

  /** Changes things by several threads at once. */
  void changeAtOnce(int threads, int changesEach, int things) throws InterruptedException {
    List<Thread> running = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int own = t;
      running.add(
          Thread.startVirtualThread(
              () ->
                  IntStream.range(0, changesEach)
                      .forEach(i -> change("thing-" + (own * 31 + i) % things))));
    }
    for (Thread thread : running) {
      thread.join();
    }
  }

  long count(String sql) {
    try (Connection connection = database.dataSource().getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    database.close();
    metrics.close();
  }
}
