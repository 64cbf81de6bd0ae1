package points.rielt;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.UUID;
import points.kit.Call;
import points.kit.Database;
import points.kit.Fields;
import points.kit.Http;
import points.kit.ProblemException;
import points.kit.TextRule;
import points.kit.Uuid7;
import points.purchases.Action;
import points.purchases.Catalogue;
import points.purchases.Payment;
import points.purchases.Purchase;
import points.purchases.PurchaseRoutes;

/** The routes of contracts/openapi/rielt.yaml. */
final class RieltApi {
  private static final TextRule TITLE = TextRule.anything(1, 200);
  private static final TextRule DATE =
      new TextRule(10, 10, RieltApi::isDate, "a date like 2026-12-24, from 2000 to 2999");
  private static final long NIGHT_MAX = 1_000_000_000L;
  private static final long PRICE_MAX = 1_000_000_000_000L;
  private static final int NIGHTS_MAX = 365;

  private final Catalogue<Listing> listings;

  RieltApi(Database database) {
    listings = new Catalogue<>(database, "listing", new ListingTable(), RieltApi::body);
  }

  void mount(Http.Builder http, PurchaseRoutes bookings) {
    listings.mount(http, RieltApi::read);
    bookings.mount(
        http,
        "/bookings",
        "/bookings",
        this::order,
        List.of(Action.CONFIRM, Action.CANCEL_OR_REFUND));
  }

  private static Listing read(Fields fields) {
    return new Listing(
        Uuid7.next(),
        fields.text("title", TITLE),
        fields.optionalText("host_id", TextRule.PERSON),
        fields.integer("night_points", 1, NIGHT_MAX));
  }

  private static boolean isDate(String text) {
    try {
      return text.startsWith("2") && LocalDate.parse(text) != null;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private Purchase.Order order(Call call) throws SQLException {
    Fields fields = call.json();
    String listingId = fields.text("listing_id", PurchaseRoutes.UUID_TEXT);
    String user = fields.text("user_id", TextRule.PERSON);
    String from = fields.text("from", DATE);
    String to = fields.text("to", DATE);
    Long points = fields.optionalInteger("points", 1, PRICE_MAX);
    String requestId = fields.text("request_id", PurchaseRoutes.REQUEST_ID);
    fields.done();
    Stay stay = stay(LocalDate.parse(from), LocalDate.parse(to));
    Listing listing = listings.get(UUID.fromString(listingId));
    long price = stay.nights() * listing.nightPoints();
    long paid = points == null ? price : points;
    if (paid > price) {
      throw ProblemException.invalid("points", "must be at most the price, " + price);
    }
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    request.put("listing_id", listing.id().toString());
    request.put("user_id", user);
    stay.put(request);
    request.put("price", price);
    request.put("points", paid);
    return new Purchase.Order(
        call.caller().source(), requestId, request, listing.id(), user, paid, Payment.HOLD);
  }

  private static Stay stay(LocalDate from, LocalDate to) {
    Stay stay = new Stay(from, to);
    if (stay.nights() < 1 || stay.nights() > NIGHTS_MAX) {
      throw ProblemException.invalid("to", "must be 1 to " + NIGHTS_MAX + " days after from");
    }
    return stay;
  }

  private static ObjectNode body(Listing listing) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("listing_id", listing.id().toString());
    body.put("title", listing.title());
    if (listing.hostId() != null) {
      body.put("host_id", listing.hostId());
    }
    body.put("night_points", listing.nightPoints());
    return body;
  }
}
