package points.voucher;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/** The SQL of vouchers' stock and codes. */
final class StockTable {
  private StockTable() {}

  /** Takes one away, if there is one: the condition in the update decides races. */
  static boolean takeOne(Connection transaction, UUID id) throws SQLException {
    try (var update =
        transaction.prepareStatement(
            "UPDATE voucher SET stock = stock - 1 WHERE id = ? AND stock > 0")) {
      update.setObject(1, id);
      return update.executeUpdate() == 1;
    }
  }

  static void putBack(Connection transaction, UUID id) throws SQLException {
    try (var update =
        transaction.prepareStatement("UPDATE voucher SET stock = stock + 1 WHERE id = ?")) {
      update.setObject(1, id);
      update.executeUpdate();
    }
  }

  static void issue(Connection transaction, UUID purchase, String code) throws SQLException {
    try (var insert =
        transaction.prepareStatement(
            "INSERT INTO voucher_code (code, purchase_id) VALUES (?, ?)")) {
      insert.setString(1, code);
      insert.setObject(2, purchase);
      insert.executeUpdate();
    }
  }

  static void makeVoid(Connection transaction, UUID purchase) throws SQLException {
    try (var update =
        transaction.prepareStatement(
            "UPDATE voucher_code SET voided_at = now() WHERE purchase_id = ?")) {
      update.setObject(1, purchase);
      update.executeUpdate();
    }
  }

  /** The code of a purchase, while it is good. */
  static Optional<String> code(Connection connection, UUID purchase) throws SQLException {
    try (var select =
        connection.prepareStatement(
            "SELECT code FROM voucher_code WHERE purchase_id = ? AND voided_at IS NULL")) {
      select.setObject(1, purchase);
      try (var row = select.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    }
  }
}
