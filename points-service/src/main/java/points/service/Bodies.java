package points.service;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import points.ledger.Balance;
import points.ledger.HoldState;
import points.ledger.ReversePolicy;
import points.ledger.Transaction;
import points.ledger.Verb;
import points.service.postgres.Queries;

/** The JSON that callers get, as contracts/openapi/points.yaml describes it. */
final class Bodies {
  private Bodies() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** RFC 3339 in UTC, always with microseconds. */
  static String time(Instant time) {
    // With a nanosecond at the end all nine digits are written, which no formatter does as fast.
    int nanos = time.getNano() / 1_000 * 1_000 + 1;
    String text =
        LocalDateTime.ofEpochSecond(time.getEpochSecond(), nanos, ZoneOffset.UTC).toString();
    return text.substring(0, text.length() - 3) + "Z";
  }

  /** What a success answers. */
  static ObjectNode posted(Transaction t) {
    ObjectNode body = object();
    body.put("transaction_id", t.id().toString());
    body.put("type", t.type().wire());
    body.put("account", t.account().name());
    body.put("amount", t.amount());
    body.put("external_id", t.key().externalId());
    body.put("created_at", time(t.createdAt()));
    body.set("balance", balance(t.balance()));
    HoldState hold = t.hold();
    if (hold != null) {
      body.set("hold", hold(hold));
    }
    if (t.type() == Verb.CREDIT) {
      putTime(body, "expires_at", t.request().expiresAt());
      putTime(body, "available_at", t.request().availableAt());
    }
    if (t.refersTo() != null) {
      body.put("refers_to", t.refersTo().toString());
    }
    if (t.type() == Verb.REVERSE) {
      body.set("reverse", reverse(t));
    }
    return body;
  }

  private static ObjectNode reverse(Transaction t) {
    ObjectNode reverse = object();
    if (t.request().policy() != null) {
      reverse.put("policy", t.request().policy().wire());
    }
    if (t.request().amount() != null) {
      reverse.put("requested", t.request().amount());
    } else if (t.request().policy() != ReversePolicy.WITHIN_BALANCE) {
      // All that was left was asked for, and all of it was taken or made a debt.
      reverse.put("requested", t.amount());
    }
    reverse.put("taken", t.amount() - t.debtMade());
    reverse.put("debt", t.debtMade());
    return reverse;
  }

  /** A transaction as it is read: what its success answered, and what was told about it. */
  static ObjectNode transaction(Transaction t) {
    ObjectNode body = posted(t);
    body.put("seq", t.seq());
    body.put("source", t.key().source());
    if (t.reason() != null) {
      body.put("reason", t.reason());
    }
    if (t.metadata() != null) {
      body.putRawValue("metadata", new RawValue(t.metadata()));
    }
    return body;
  }

  static ObjectNode balance(Balance balance) {
    return putBalance(object(), balance);
  }

  static ObjectNode putBalance(ObjectNode body, Balance balance) {
    body.put("available", balance.available());
    body.put("held", balance.held());
    body.put("pending", balance.pending());
    body.put("debt", balance.debt());
    body.put("total", balance.total());
    return body;
  }

  static ObjectNode hold(HoldState hold) {
    ObjectNode body = object();
    body.put("hold_id", hold.holdId().toString());
    body.put("status", hold.status().wire());
    body.put("amount", hold.amount());
    body.put("captured", hold.captured());
    body.put("released", hold.released());
    body.put("remaining", hold.remaining());
    body.put("expires_at", time(hold.expiresAt()));
    return body;
  }

  /** A hold as it is read: past its time it is expired, as every verb says, posted or not. */
  static ObjectNode hold(Queries.HoldRead read, Instant asOf) {
    Transaction placed = read.placed();
    ObjectNode body = hold(read.hold().stateAt(asOf));
    body.put("account", read.hold().account().name());
    body.put("created_at", time(read.hold().createdAt()));
    body.put("source", read.hold().source());
    body.put("external_id", placed.key().externalId());
    if (placed.reason() != null) {
      body.put("reason", placed.reason());
    }
    if (placed.metadata() != null) {
      body.putRawValue("metadata", new RawValue(placed.metadata()));
    }
    return body;
  }

  static ObjectNode balanceRead(String account, Queries.BalanceRead read, Instant asOf) {
    ObjectNode body = object();
    body.put("account", account);
    putBalance(body, read.balance());
    body.set("balance", balance(read.balance()));
    body.put("as_of", time(asOf));
    ArrayNode expiring = body.putArray("expiring");
    for (Queries.Expiry expiry : read.expiring()) {
      if (!expiry.expiresAt().isAfter(asOf)) {
        continue; // cannot be spent any more, and nothing that is still to come
      }
      ObjectNode next = expiring.addObject();
      next.put("amount", expiry.amount());
      next.put("expires_at", time(expiry.expiresAt()));
    }
    return body;
  }

  static ArrayNode transactions(List<Transaction> transactions) {
    ArrayNode array = array();
    transactions.forEach(t -> array.add(transaction(t)));
    return array;
  }

  /** A transaction as a CloudEvents 1.0 event in the JSON format. */
  static ObjectNode event(Queries.Event event) {
    Transaction t = event.transaction();
    ObjectNode body = object();
    body.put("specversion", "1.0");
    body.put("id", t.id().toString());
    body.put("source", "/points");
    body.put("type", "points.transaction." + t.type().wire());
    body.put("subject", t.account().name());
    body.put("time", time(t.createdAt()));
    body.put("datacontenttype", "application/json");
    body.put("position", event.position().text());
    body.set("data", transaction(t));
    return body;
  }

  static void putTime(ObjectNode body, String field, @Nullable Instant time) {
    if (time != null) {
      body.put(field, time(time));
    }
  }
}
