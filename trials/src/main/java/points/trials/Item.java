package points.trials;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * One operation, to be sent alone or in a batch.
 *
 * @param verb such as {@code credit}
 * @param fields of its body, as JSON without the braces
 */
public record Item(String verb, String fields) {
  /** One that names its account. */
  public static Item moving(String verb, String account, long amount, String externalId) {
    return new Item(
        verb,
        "\"account\":\"%s\",\"amount\":%d,\"external_id\":\"%s\",\"reason\":\"trial\""
            .formatted(account, amount, externalId));
  }

  /** One that is about a hold: {@code capture} or {@code release}. */
  public static Item ofHold(String verb, String holdId, String externalId) {
    return new Item(
        verb, "\"hold_id\":\"%s\",\"external_id\":\"%s\"".formatted(holdId, externalId));
  }

  /** One that is about a transaction: {@code refund} or {@code reverse}. */
  public static Item ofTransaction(String verb, String transactionId, String externalId) {
    return new Item(
        verb,
        "\"transaction_id\":\"%s\",\"external_id\":\"%s\"".formatted(transactionId, externalId));
  }

  /** The same with a further field, whose value is given as JSON. */
  public Item with(String name, Object value) {
    return new Item(verb, fields + ",\"" + name + "\":" + value);
  }

  /** Its body when it is sent alone. */
  public String body() {
    return "{" + fields + "}";
  }

  /** A batch of these. */
  static String batch(List<Item> items) {
    StringBuilder body = new StringBuilder("{\"operations\":[");
    for (Item item : items) {
      body.append(body.length() > 15 ? "," : "");
      body.append("{\"op\":\"").append(item.verb()).append("\",").append(item.fields()).append('}');
    }
    return body.append("]}").toString();
  }

  /**
   * What each was answered.
   *
   * @throws AssertionError if the batch as a whole was answered otherwise
   */
  static List<Result> results(List<Item> items, Reply reply, String source) {
    JsonNode results = reply.body().path("results");
    if (reply.status() != 200 || results.size() != items.size()) {
      throw new AssertionError("a batch of " + source + " was answered: " + reply);
    }
    List<Result> all = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      JsonNode result = results.get(i);
      all.add(
          new Result(
              items.get(i),
              result.path("status").asInt(),
              result.path("replay").asBoolean(),
              result.path("body")));
    }
    return all;
  }
}
