package points.trials;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What one operation of a batch was answered.
 *
 * @param item that it answers
 * @param replay whether that had been decided before
 */
public record Result(Item item, int status, boolean replay, JsonNode body) {
  /** Done, now or before. */
  public boolean isDone() {
    return status == 200 || status == 201;
  }

  /** Nothing is known from it: it has to be repeated. */
  public boolean isUnknown() {
    return status == 503 || status == 429;
  }

  /** The error's code; empty if it is none. */
  public String code() {
    return body.path("code").asText();
  }

  /** The transaction that it made. */
  public String transactionId() {
    return body.path("transaction_id").asText();
  }

  /** The hold that it is about. */
  public String holdId() {
    return body.path("hold").path("hold_id").asText();
  }

  /** How many points moved. */
  public long amount() {
    return body.path("amount").asLong();
  }
}
