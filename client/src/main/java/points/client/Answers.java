package points.client;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the service answers, as this package's records. */
final class Answers {

  private Answers() {}

  /** The outcome that an answer to an operation tells, by itself or as an item of a batch. */
  static Outcome outcome(int status, boolean replay, Json body) {
    return switch (status) {
      case 200, 201 -> new Outcome.Done(receipt(body), replay || status == 200);
      case 422 -> new Outcome.Refused(problem(status, body), replay);
      default -> new Outcome.Rejected(problem(status, body));
    };
  }

  /** Whether an item of a batch says that nothing was decided. */
  static boolean isLater(int status) {
    return status == 429 || status >= 500;
  }

  static Json body(Transport.Result.Answer answer) {
    if (answer.status() < 200 || (answer.status() >= 300 && answer.status() < 400)) {
      throw new ContractBroken(
          "The answer has status " + answer.status() + "; is this the address of Points Service?");
    }
    return Json.parse(answer.body(), "The answer of status " + answer.status());
  }

  static Problem problem(int status, Json body) {
    return new Problem(
        status,
        body.text("code"),
        body.has("detail") ? body.text("detail") : "",
        body.has("request_id") ? body.text("request_id") : "",
        body.optional("available", body::integer),
        body.optional("remaining", body::integer),
        body.optional("hold", field -> hold(body.object(field))),
        body.has("differing") ? body.texts("differing") : List.of(),
        body.optional("transaction_id", body::id),
        body.has("errors") ? body.list("errors", Answers::fieldError) : List.of());
  }

  private static Problem.FieldError fieldError(Json error) {
    return new Problem.FieldError(error.text("field"), error.text("message"));
  }

  static Receipt receipt(Json body) {
    return new Receipt(
        body.id("transaction_id"),
        body.text("type"),
        body.text("account"),
        body.integer("amount"),
        body.text("external_id"),
        body.time("created_at"),
        balance(body.object("balance")),
        body.optional("hold", field -> hold(body.object(field))),
        body.optional("refers_to", body::id),
        body.optional("reverse", field -> reversal(body.object(field))));
  }

  private static Receipt.Reversal reversal(Json body) {
    return new Receipt.Reversal(body.integer("taken"), body.integer("debt"));
  }

  static Balance balance(Json body) {
    return new Balance(
        body.integer("available"),
        body.integer("held"),
        body.integer("pending"),
        body.integer("debt"),
        body.integer("total"));
  }

  static HoldState hold(Json body) {
    return new HoldState(
        body.id("hold_id"),
        status(body),
        body.integer("amount"),
        body.integer("captured"),
        body.integer("released"),
        body.integer("remaining"),
        body.time("expires_at"));
  }

  private static HoldState.Status status(Json body) {
    String name = body.text("status");
    for (HoldState.Status status : HoldState.Status.values()) {
      if (status.name().toLowerCase(Locale.ROOT).equals(name)) {
        return status;
      }
    }
    throw new ContractBroken(body.place() + ".status is no state of a hold: " + name);
  }

  static HeldPoints heldPoints(Json body) {
    return new HeldPoints(
        hold(body),
        body.text("account"),
        body.text("source"),
        body.text("external_id"),
        body.time("created_at"));
  }

  static Transaction transaction(Json body) {
    return new Transaction(
        receipt(body),
        body.integer("seq"),
        body.text("source"),
        body.optional("reason", body::text),
        body.has("metadata") ? body.map("metadata") : Map.of());
  }

  static Page<Transaction> transactions(Json body) {
    return new Page<>(
        body.list("transactions", Answers::transaction), body.optional("next_cursor", body::text));
  }

  static AccountBalance accountBalance(Json body) {
    return new AccountBalance(
        body.text("account"),
        balance(body.object("balance")),
        body.time("as_of"),
        body.list("expiring", Answers::expiry));
  }

  private static AccountBalance.Expiry expiry(Json body) {
    return new AccountBalance.Expiry(body.integer("amount"), body.time("expires_at"));
  }

  static EventPage events(Json body) {
    return new EventPage(body.list("events", Answers::event), body.text("next"));
  }

  private static EventPage.Event event(Json body) {
    return new EventPage.Event(
        body.id("id"),
        body.text("type"),
        body.text("subject"),
        body.time("time"),
        body.text("position"),
        transaction(body.object("data")));
  }
}
