package points.rielt;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import points.kit.Outbox;
import points.kit.ProblemException;
import points.purchases.Goods;
import points.purchases.Machine;
import points.purchases.Purchase;
import points.purchases.PurchaseError;

/** Bookings, as the saga must know them: their dates are taken, or free again. */
record RieltGoods(Duration holdTime) implements Goods {
  static final Machine MACHINE = Machine.withRefund("cancel");

  private static final ListingTable LISTINGS = new ListingTable();

  @Override
  public String aggregate() {
    return "booking";
  }

  @Override
  public String item() {
    return "listing";
  }

  @Override
  public String reason() {
    return "rielt.booking";
  }

  @Override
  public Machine machine() {
    return MACHINE;
  }

  @Override
  public void entered(Connection transaction, Purchase booking) throws SQLException {
    switch (booking.state()) {
      case RESERVING -> takeDates(transaction, booking);
      case PAID -> tell(transaction, booking, "rielt.booking_paid", paid(transaction, booking));
      case REFUNDED -> {
        StayTable.free(transaction, booking.id());
        tell(transaction, booking, "rielt.booking_cancelled", named(booking));
      }
      case REFUSED, CANCELLED, EXPIRED -> StayTable.free(transaction, booking.id());
      case RESERVED, CONFIRMING, CANCELLING, COMPLETED, REFUNDING -> {}
    }
  }

  private static void takeDates(Connection transaction, Purchase booking) throws SQLException {
    if (!StayTable.take(transaction, booking, Stay.of(booking.order().request()))) {
      throw new ProblemException(
          PurchaseError.DATES_TAKEN,
          "Another booking has some of these nights; nothing was charged.");
    }
  }

  private static ObjectNode named(Purchase booking) {
    return JsonNodeFactory.instance.objectNode().put("booking_id", booking.id().toString());
  }

  private static ObjectNode paid(Connection transaction, Purchase booking) throws SQLException {
    Purchase.Order order = booking.order();
    Listing listing = LISTINGS.find(transaction, order.itemId()).orElseThrow();
    ObjectNode data = named(booking);
    data.put("listing_id", listing.id().toString());
    data.put("user_id", order.userId());
    if (listing.hostId() != null) {
      data.put("host_id", listing.hostId());
    }
    Stay.of(order.request()).put(data);
    data.put("amount_paid", price(booking));
    data.put("points_paid", order.points());
    return data;
  }

  private static void tell(Connection transaction, Purchase booking, String type, ObjectNode data)
      throws SQLException {
    Outbox.write(transaction, "booking:" + booking.id(), type, data);
  }

  private static long price(Purchase booking) {
    return booking.order().request().get("price").asLong();
  }

  @Override
  public void describe(Purchase booking, ObjectNode body) {
    Stay.of(booking.order().request()).put(body);
    body.put("price", price(booking));
  }
}
