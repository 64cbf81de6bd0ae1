package points.rielt;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import points.purchases.Catalogue;

/** The SQL of listings. */
final class ListingTable implements Catalogue.Table<Listing> {
  @Override
  public void insert(Connection transaction, Listing listing) throws SQLException {
    try (var insert =
        transaction.prepareStatement(
            "INSERT INTO listing (id, title, host_id, night_points) VALUES (?, ?, ?, ?)")) {
      insert.setObject(1, listing.id());
      insert.setString(2, listing.title());
      insert.setString(3, listing.hostId());
      insert.setLong(4, listing.nightPoints());
      insert.executeUpdate();
    }
  }

  @Override
  public Optional<Listing> find(Connection connection, UUID id) throws SQLException {
    try (var select = connection.prepareStatement("SELECT * FROM listing WHERE id = ?")) {
      select.setObject(1, id);
      try (var row = select.executeQuery()) {
        return row.next() ? Optional.of(listing(row)) : Optional.empty();
      }
    }
  }

  @Override
  public List<Listing> list(Connection connection, UUID before, int limit) throws SQLException {
    try (var select =
        connection.prepareStatement(
            "SELECT * FROM listing WHERE id < ? ORDER BY id DESC LIMIT ?")) {
      select.setObject(1, before);
      select.setInt(2, limit);
      List<Listing> listings = new ArrayList<>();
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          listings.add(listing(rows));
        }
      }
      return listings;
    }
  }

  private static Listing listing(ResultSet row) throws SQLException {
    return new Listing(
        row.getObject("id", UUID.class),
        row.getString("title"),
        row.getString("host_id"),
        row.getLong("night_points"));
  }
}
