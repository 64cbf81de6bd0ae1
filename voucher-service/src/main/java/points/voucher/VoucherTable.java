package points.voucher;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import points.purchases.Payment;

/** The SQL of vouchers, their stock and their codes. */
final class VoucherTable {
  private static final UUID BEFORE_ALL = new UUID(-1, -1);

  private static final String INSERT =
      """
      INSERT INTO voucher
        (id, title, partner_id, pro_spacer_ids, price_points, stock, payment)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """;

  private VoucherTable() {}

  static void insert(Connection transaction, Voucher voucher) throws SQLException {
    try (var insert = transaction.prepareStatement(INSERT)) {
      insert.setObject(1, voucher.id());
      insert.setString(2, voucher.title());
      insert.setString(3, voucher.partnerId());
      insert.setArray(4, transaction.createArrayOf("text", voucher.proSpacerIds().toArray()));
      insert.setLong(5, voucher.pricePoints());
      insert.setInt(6, voucher.stock());
      insert.setString(7, voucher.payment().wire());
      insert.executeUpdate();
    }
  }

  static Optional<Voucher> find(Connection connection, UUID id) throws SQLException {
    try (var select = connection.prepareStatement("SELECT * FROM voucher WHERE id = ?")) {
      select.setObject(1, id);
      try (var row = select.executeQuery()) {
        return row.next() ? Optional.of(voucher(row)) : Optional.empty();
      }
    }
  }

  /** The newest first, from before this one. */
  static List<Voucher> list(Connection connection, @Nullable UUID before, int limit)
      throws SQLException {
    try (var select =
        connection.prepareStatement(
            "SELECT * FROM voucher WHERE id < ? ORDER BY id DESC LIMIT ?")) {
      select.setObject(1, before == null ? BEFORE_ALL : before);
      select.setInt(2, limit);
      List<Voucher> vouchers = new ArrayList<>();
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          vouchers.add(voucher(rows));
        }
      }
      return vouchers;
    }
  }

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

  private static Voucher voucher(ResultSet row) throws SQLException {
    String[] proSpacers = (String[]) row.getArray("pro_spacer_ids").getArray();
    return new Voucher(
        row.getObject("id", UUID.class),
        row.getString("title"),
        row.getString("partner_id"),
        List.of(proSpacers),
        row.getLong("price_points"),
        row.getInt("stock"),
        Payment.valueOf(row.getString("payment").toUpperCase(Locale.ROOT)));
  }
}
