package points.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Credits by the batch, of which every fifth repeats one of the batch before. */
final class BatchTraffic implements Traffic {
  private static final String ITEM =
      """
      {"op":"credit","account":"user:0000000","amount":10,\
      "external_id":"credit-0000000000000000000","reason":"bench"}""";

  private static final byte[] STATUS = "\"status\":20".getBytes(StandardCharsets.US_ASCII);
  private static final int REPEAT_ONE_IN = 5;

  private final SplittableRandom random;
  private final int size;
  private final int accounts;
  private final byte[] template;
  private final int itemsAt;
  private final int itemLength;
  private byte[] last;

  BatchTraffic(String apiKey, int size, int accounts, long seed) {
    this.random = new SplittableRandom(seed);
    this.size = size;
    this.accounts = accounts;
    this.template =
        RequestText.post(
            "/internal/batch",
            apiKey,
            "{\"operations\":[" + (ITEM + ",").repeat(size - 1) + ITEM + "]}");
    this.itemsAt = new String(template, StandardCharsets.US_ASCII).indexOf(ITEM);
    this.itemLength = ITEM.length() + 1;
    this.last = fill(template.clone(), template, false);
  }

  private byte[] fill(byte[] bytes, byte[] before, boolean repeating) {
    int account = ITEM.indexOf("user:") + 5;
    int key = ITEM.indexOf("credit-") + 7;
    for (int i = 0; i < size; i++) {
      int at = itemsAt + i * itemLength;
      if (repeating && random.nextInt(REPEAT_ONE_IN) == 0) {
        System.arraycopy(before, at, bytes, at, itemLength - 1);
      } else {
        RequestText.digits(bytes, at + account, 7, random.nextInt(accounts));
        RequestText.digits(bytes, at + key, 19, random.nextLong(Long.MAX_VALUE));
      }
    }
    return bytes;
  }

  @Override
  public Request next() {
    last = fill(template.clone(), last, true);
    return new Request(last, size, this);
  }

  @Override
  public int answered(Request request, int status, ByteBuffer body) {
    return status == 200 ? AnswerText.count(body, STATUS) : 0;
  }
}
