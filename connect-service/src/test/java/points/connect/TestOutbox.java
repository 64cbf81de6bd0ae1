package points.connect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import points.kit.Database;
import points.kit.DatabaseUrl;
import points.kit.Metrics;
import points.kit.Outbox;
import points.kit.Settings;
import points.kit.TestPostgres;

/** The producing side of a service: events written to a table, and from there to Kafka. */
final class TestOutbox implements AutoCloseable {
  private final Metrics metrics = new Metrics("outbox");
  private final Database database;
  private final Outbox outbox;

  TestOutbox(TestKafka kafka, String topic, String source) {
    this.database =
        Database.open(
            new Database.Config(
                Objects.requireNonNull(DatabaseUrl.parse(TestPostgres.shared().newDatabase())),
                "kit",
                "classpath:db/kit",
                4),
            metrics);
    Settings.Builder settings = Settings.of("TEST", Outbox.SETTINGS);
    Map.of(
            "events.way",
            "kafka",
            "events.kafka.bootstrap",
            kafka.bootstrap(),
            "events.kafka.topic",
            topic)
        .forEach(settings::override);
    this.outbox = Outbox.start(database, source, settings.load(), metrics);
  }

  /** Writes events of a type, all about one subject. */
  void write(String subject, String type, List<ObjectNode> all) {
    try (Connection connection = database.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      for (ObjectNode data : all) {
        var unused = Outbox.write(connection, subject, type, data);
      }
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    outbox.wake();
  }

  @Override
  public void close() {
    outbox.close();
    database.close();
    metrics.close();
  }
}
