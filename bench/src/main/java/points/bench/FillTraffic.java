package points.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** So many credits by the batch, account after account, none repeated. */
final class FillTraffic implements Traffic {
  private static final byte[] CREATED = "\"status\":201".getBytes(StandardCharsets.US_ASCII);

  private final String apiKey;
  private final int size;
  private final int accounts;
  private final long amount;
  private final long count;
  private final long run;
  private long next;
  private long made;

  /**
   * Traffic.
   *
   * @param size of a batch; the last one holds what is left
   * @param amount of each credit
   * @param count how many credits to make
   * @param run tells its external ids from those of other runs
   */
  FillTraffic(String apiKey, int size, int accounts, long amount, long count, long run) {
    this.apiKey = apiKey;
    this.size = size;
    this.accounts = accounts;
    this.amount = amount;
    this.count = count;
    this.run = run;
  }

  /** How many of the credits are known to have been made. */
  long made() {
    return made;
  }

  @Override
  public Request next() {
    int now = (int) Math.min(size, count - next);
    StringBuilder body = new StringBuilder(now * 110).append("{\"operations\":[");
    for (int i = 0; i < now; i++) {
      body.append(i == 0 ? "" : ",")
          .append("{\"op\":\"credit\",\"account\":\"user:")
          .append(String.valueOf(10_000_000 + next % accounts).substring(1))
          .append("\",\"amount\":")
          .append(amount)
          .append(",\"reason\":\"fill\",\"external_id\":\"fill-")
          .append(run)
          .append('-')
          .append(next++)
          .append("\"}");
    }
    byte[] bytes = RequestText.post("/internal/batch", apiKey, body.append("]}").toString());
    return new Request(bytes, now, this);
  }

  @Override
  public int answered(Request request, int status, ByteBuffer body) {
    int created = status == 200 ? AnswerText.count(body, CREATED) : 0;
    made += created;
    return created;
  }

  @Override
  public boolean isOver() {
    return next >= count;
  }
}
