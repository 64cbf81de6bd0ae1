package points.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * Credits, one a request, of which every fifth repeats an earlier one. The requests are all of one
 * length, so that only digits change in them: the generator's own work must not be measured.
 */
final class CreditTraffic implements Traffic {
  private static final int REPEAT_ONE_IN = 5;
  private static final int REMEMBERED = 4096;

  private final SplittableRandom random;
  private final int accounts;
  private final byte[] template;
  private final int accountAt;
  private final int keyAt;
  private final byte[][] sent = new byte[REMEMBERED][];
  private int count;

  /**
   * Traffic.
   *
   * @param accounts over how many accounts it is spread, 1 … 10 000 000
   */
  CreditTraffic(String apiKey, int accounts, long seed) {
    this.random = new SplittableRandom(seed);
    this.accounts = accounts;
    this.template =
        RequestText.post(
            "/internal/credit",
            apiKey,
            """
            {"account":"user:0000000","amount":10,"external_id":"credit-0000000000000000000",\
            "reason":"bench"}""");
    String text = new String(template, StandardCharsets.US_ASCII);
    this.accountAt = text.indexOf("user:") + 5;
    this.keyAt = text.indexOf("credit-") + 7;
  }

  @Override
  public Request next() {
    if (count > 0 && random.nextInt(REPEAT_ONE_IN) == 0) {
      return new Request(sent[random.nextInt(Math.min(count, REMEMBERED))], 1, this);
    }
    byte[] bytes = template.clone();
    RequestText.digits(bytes, accountAt, 7, random.nextInt(accounts));
    RequestText.digits(bytes, keyAt, 19, random.nextLong(Long.MAX_VALUE));
    sent[count++ % REMEMBERED] = bytes;
    return new Request(bytes, 1, this);
  }

  @Override
  public int answered(Request request, int status, ByteBuffer body) {
    return status == 201 || status == 200 ? 1 : 0;
  }
}
