package points.connect;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Makes events for tests. */
final class Events {
  private static final AtomicLong SERIAL = new AtomicLong(System.nanoTime());

  private Events() {}

  /** Something that no other test uses. */
  static String fresh(String prefix) {
    return prefix + Long.toString(SERIAL.incrementAndGet(), 36);
  }

  /** An event in structured mode; its source is the first part of its type. */
  static String event(String type, String id, String data) {
    return event(type, id, "2026-11-22T18:00:00Z", data);
  }

  static String event(String type, String id, String time, String data) {
    String source = type.substring(0, type.indexOf('.'));
    return """
        {"specversion":"1.0","source":"%s","id":"%s","type":"%s","time":"%s",
         "datacontenttype":"application/json","data":%s}"""
        .formatted(source, id, type, time, data);
  }

  static String questCompleted(String id, String user) {
    return event("quest.completed", id, "{\"quest_id\":\"q1\",\"user_id\":\"" + user + "\"}");
  }

  static String voucherPurchased(String id, String purchase, String partner, String spacers) {
    return event(
        "voucher.purchased",
        id,
        """
        {"purchase_id":"%s","voucher_id":"v1","user_id":"buyer","partner_id":"%s",
         "pro_spacer_ids":%s,"points_paid":100,"price":1010}"""
            .formatted(purchase, partner, spacers));
  }

  static String voucherRefunded(String id, String purchase) {
    return event("voucher.refunded", id, "{\"purchase_id\":\"" + purchase + "\"}");
  }

  static String bookingPaid(String id, String booking, String user, int paid, int points) {
    return event(
        "rielt.booking_paid",
        id,
        """
        {"booking_id":"%s","user_id":"%s","amount_paid":%d,"points_paid":%d}"""
            .formatted(booking, user, paid, points));
  }

  static String bookingCancelled(String id, String booking) {
    return event("rielt.booking_cancelled", id, "{\"booking_id\":\"" + booking + "\"}");
  }

  static String batch(List<String> events) {
    return "[" + String.join(",", events) + "]";
  }
}
