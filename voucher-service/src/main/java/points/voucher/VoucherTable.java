package points.voucher;

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

/** The SQL of vouchers. */
final class VoucherTable implements Catalogue.Table<Voucher> {
  private static final String INSERT =
      """
      INSERT INTO voucher
        (id, title, partner_id, pro_spacer_ids, price_points, stock, payment)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """;

  @Override
  public void insert(Connection transaction, Voucher voucher) throws SQLException {
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

  @Override
  public Optional<Voucher> find(Connection connection, UUID id) throws SQLException {
    try (var select = connection.prepareStatement("SELECT * FROM voucher WHERE id = ?")) {
      select.setObject(1, id);
      try (var row = select.executeQuery()) {
        return row.next() ? Optional.of(voucher(row)) : Optional.empty();
      }
    }
  }

  @Override
  public List<Voucher> list(Connection connection, UUID before, int limit) throws SQLException {
    try (var select =
        connection.prepareStatement(
            "SELECT * FROM voucher WHERE id < ? ORDER BY id DESC LIMIT ?")) {
      select.setObject(1, before);
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
