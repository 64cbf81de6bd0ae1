package points.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;

/**
 * Events by the batch, as the services' outboxes publish them. Each brings one credit; none is
 * repeated, as the result counts credits.
 */
final class EventTraffic implements Traffic {
  private static final byte[] ACCEPTED = "\"accepted\":".getBytes(StandardCharsets.US_ASCII);

  private final SplittableRandom random;
  private final int size;
  private final int accounts;
  private final byte[] template;
  private final String item;
  private final int itemsAt;
  private long accepted;

  /**
   * Traffic.
   *
   * @param size of a batch
   * @param accounts over how many accounts it is spread, 1 … 10 000 000
   */
  EventTraffic(String apiKey, int size, int accounts, long seed) {
    this.random = new SplittableRandom(seed);
    this.size = size;
    this.accounts = accounts;
    this.item =
        """
        {"specversion":"1.0","source":"quest","id":"0000000000000000000","type":"quest.completed",\
        "time":"%s","data":{"quest_id":"bench","user_id":"0000000"}}"""
            .formatted(Instant.now().truncatedTo(ChronoUnit.SECONDS));
    this.template =
        RequestText.post("/events", apiKey, "[" + (item + ",").repeat(size - 1) + item + "]");
    this.itemsAt = new String(template, StandardCharsets.US_ASCII).indexOf(item);
  }

  /** How many events were taken in. */
  long accepted() {
    return accepted;
  }

  @Override
  public Request next() {
    int id = item.indexOf("\"id\":\"") + 6;
    int user = item.indexOf("\"user_id\":\"") + 11;
    byte[] bytes = template.clone();
    for (int i = 0; i < size; i++) {
      int at = itemsAt + i * (item.length() + 1);
      RequestText.digits(bytes, at + id, 19, random.nextLong(Long.MAX_VALUE));
      RequestText.digits(bytes, at + user, 7, random.nextInt(accounts));
    }
    return new Request(bytes, size, this);
  }

  @Override
  public int answered(Request request, int status, ByteBuffer body) {
    int at = status == 202 ? AnswerText.find(body, ACCEPTED, body.position()) : -1;
    int count = 0;
    for (int i = at + ACCEPTED.length; at >= 0 && Character.isDigit(body.get(i)); i++) {
      count = count * 10 + body.get(i) - '0';
    }
    accepted += count;
    return count;
  }
}
