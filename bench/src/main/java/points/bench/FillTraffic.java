package points.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Credits by the batch, account after account, none repeated, until enough have been made. */
final class FillTraffic implements Traffic {
  private static final byte[] CREATED = "\"status\":201".getBytes(StandardCharsets.US_ASCII);

  private final String apiKey;
  private final int size;
  private final int accounts;
  private final long amount;
  private final long run;
  private long next;
  private long last = Long.MAX_VALUE;
  private long answered;

  /**
   * Traffic.
   *
   * @param amount of each credit
   * @param run tells its external ids from those of other runs
   */
  FillTraffic(String apiKey, int size, int accounts, long amount, long run) {
    this.apiKey = apiKey;
    this.size = size;
    this.accounts = accounts;
    this.amount = amount;
    this.run = run;
  }

  /** Ends after so many credits, rounded up to whole batches. */
  FillTraffic upTo(long operations) {
    last = operations;
    return this;
  }

  @Override
  public Request next() {
    StringBuilder body = new StringBuilder(size * 110).append("{\"operations\":[");
    for (int i = 0; i < size; i++) {
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
    return new Request(bytes, size, this);
  }

  @Override
  public int answered(Request request, int status, ByteBuffer body) {
    int made = status == 200 ? AnswerText.count(body, CREATED) : 0;
    answered += made;
    return made;
  }

  @Override
  public boolean isOver() {
    return answered >= last;
  }
}
