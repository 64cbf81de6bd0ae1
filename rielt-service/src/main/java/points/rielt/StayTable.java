package points.rielt;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import points.purchases.Purchase;

/** The SQL of who stays where and when. */
final class StayTable {
  private static final String OVERLAPS = "23P01";

  /** Bookings of a listing take turns, as an exclusion constraint alone lets two deadlock. */
  private static final String LOCK = "SELECT 1 FROM listing WHERE id = ? FOR NO KEY UPDATE";

  private static final String TAKE =
      "INSERT INTO stay (booking_id, listing_id, nights) VALUES (?, ?, daterange(?, ?))";

  private StayTable() {}

  /** Takes the dates; false where somebody has them, after which the transaction is lost. */
  static boolean take(Connection transaction, Purchase booking, Stay stay) throws SQLException {
    UUID listing = booking.order().itemId();
    try (var lock = transaction.prepareStatement(LOCK);
        var insert = transaction.prepareStatement(TAKE)) {
      lock.setObject(1, listing);
      lock.execute();
      insert.setObject(1, booking.id());
      insert.setObject(2, listing);
      insert.setObject(3, stay.from());
      insert.setObject(4, stay.to());
      insert.executeUpdate();
      return true;
    } catch (SQLException e) {
      if (OVERLAPS.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  /** Gives the dates of a booking free. */
  static void free(Connection transaction, UUID booking) throws SQLException {
    try (var delete = transaction.prepareStatement("DELETE FROM stay WHERE booking_id = ?")) {
      delete.setObject(1, booking);
      delete.executeUpdate();
    }
  }
}
