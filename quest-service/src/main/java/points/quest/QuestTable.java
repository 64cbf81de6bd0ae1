package points.quest;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import points.purchases.Catalogue;
import points.purchases.Payment;

/** The SQL of quests. */
final class QuestTable implements Catalogue.Table<Quest> {
  @Override
  public void insert(Connection transaction, Quest quest) throws SQLException {
    try (var insert =
        transaction.prepareStatement(
            "INSERT INTO quest (id, title, price_points, payment) VALUES (?, ?, ?, ?)")) {
      insert.setObject(1, quest.id());
      insert.setString(2, quest.title());
      insert.setLong(3, quest.pricePoints());
      insert.setString(4, quest.payment().wire());
      insert.executeUpdate();
    }
  }

  @Override
  public Optional<Quest> find(Connection connection, UUID id) throws SQLException {
    try (var select = connection.prepareStatement("SELECT * FROM quest WHERE id = ?")) {
      select.setObject(1, id);
      try (var row = select.executeQuery()) {
        return row.next() ? Optional.of(quest(row)) : Optional.empty();
      }
    }
  }

  @Override
  public List<Quest> list(Connection connection, UUID before, int limit) throws SQLException {
    try (var select =
        connection.prepareStatement("SELECT * FROM quest WHERE id < ? ORDER BY id DESC LIMIT ?")) {
      select.setObject(1, before);
      select.setInt(2, limit);
      List<Quest> quests = new ArrayList<>();
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          quests.add(quest(rows));
        }
      }
      return quests;
    }
  }

  private static Quest quest(ResultSet row) throws SQLException {
    return new Quest(
        row.getObject("id", UUID.class),
        row.getString("title"),
        row.getLong("price_points"),
        Payment.valueOf(row.getString("payment").toUpperCase(Locale.ROOT)));
  }
}
