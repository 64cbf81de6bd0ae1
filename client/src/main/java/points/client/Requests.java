package points.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Operations as the contract's JSON. */
final class Requests {

  private Requests() {}

  /** The verb, as it is in paths and in a batch. */
  static String verb(Operation operation) {
    return switch (operation) {
      case Credit credit -> "credit";
      case Debit debit -> "debit";
      case Hold hold -> "hold";
      case Capture capture -> "capture";
      case Release release -> "release";
      case Refund refund -> "refund";
      case Reverse reverse -> "reverse";
    };
  }

  static Transport.Call one(Operation operation) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    put(body, operation);
    return new Transport.Call("/internal/" + verb(operation), text(body));
  }

  static Transport.Call batch(List<? extends Operation> operations) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    ArrayNode items = body.putArray("operations");
    for (Operation operation : operations) {
      put(items.addObject().put("op", verb(operation)), operation);
    }
    return new Transport.Call("/internal/batch", text(body));
  }

  private static void put(ObjectNode body, Operation operation) {
    body.put("external_id", operation.externalId());
    switch (operation) {
      case Credit it -> {
        put(body, it.account(), it.amount(), it.reason());
        put(body, "expires_at", it.expiresAt());
        put(body, "available_at", it.availableAt());
      }
      case Debit it -> put(body, it.account(), it.amount(), it.reason());
      case Hold it -> {
        put(body, it.account(), it.amount(), it.reason());
        body.put("expires_in", it.expiresIn().toSeconds());
      }
      case Capture it -> {
        put(body, "hold_id", it.holdId(), it.amount(), it.reason());
        body.put("final", it.last());
      }
      case Release it -> put(body, "hold_id", it.holdId(), null, it.reason());
      case Refund it -> put(body, "transaction_id", it.transactionId(), it.amount(), it.reason());
      case Reverse it -> {
        put(body, "transaction_id", it.transactionId(), it.amount(), it.reason());
        body.put("policy", it.policy().wire());
      }
    }
    if (!operation.metadata().isEmpty()) {
      body.set("metadata", metadata(operation));
    }
  }

  private static ObjectNode metadata(Operation operation) {
    try {
      return Json.MAPPER.valueToTree(operation.metadata());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "metadata of "
              + operation.externalId()
              + " has a value that is not JSON: use texts, numbers, booleans, lists and maps",
          e);
    }
  }

  private static void put(ObjectNode body, String account, long amount, String reason) {
    body.put("account", account);
    body.put("amount", amount);
    body.put("reason", reason);
  }

  private static void put(
      ObjectNode body, String idField, UUID id, @Nullable Long amount, @Nullable String reason) {
    body.put(idField, id.toString());
    if (amount != null) {
      body.put("amount", amount);
    }
    if (reason != null) {
      body.put("reason", reason);
    }
  }

  private static void put(ObjectNode body, String field, @Nullable Instant time) {
    if (time != null) {
      body.put(field, time.toString());
    }
  }

  private static String text(ObjectNode body) {
    try {
      return Json.MAPPER.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("metadata has a value that is not JSON", e);
    }
  }
}
