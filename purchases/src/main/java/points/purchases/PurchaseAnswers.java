package points.purchases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import points.kit.Answer;
import points.kit.CommonError;
import points.kit.ErrorCode;
import points.kit.Problem;
import points.kit.ProblemException;

/** What buyers are answered. */
final class PurchaseAnswers {

  /** An error of Points, passed on. */
  private record PassedOn(String code, int status, String title, boolean retryable)
      implements ErrorCode {}

  private PurchaseAnswers() {}

  /** The answer to an order. */
  static Answer ordered(Purchases.Ordered ordered, Goods goods) throws SQLException {
    Purchase purchase = ordered.purchase();
    if (purchase.state() == State.REFUSED) {
      throw new ProblemException(passedOn(purchase, goods));
    }
    int first = purchase.state().isOpen() ? 202 : 201;
    Answer answer = Answer.json(ordered.replayed() ? 200 : first, body(purchase, goods));
    return ordered.replayed() ? answer.with("Idempotent-Replay", "true") : answer;
  }

  /** The answer to anything else. */
  static Answer shown(Purchase purchase, Goods goods) throws SQLException {
    return Answer.json(purchase.state().isOpen() ? 202 : 200, body(purchase, goods));
  }

  static ObjectNode body(Purchase purchase, Goods goods) throws SQLException {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put(goods.aggregate() + "_id", purchase.id().toString());
    body.put(goods.item() + "_id", purchase.order().itemId().toString());
    body.put("user_id", purchase.order().userId());
    body.put("points", purchase.order().points());
    body.put("payment", purchase.order().payment().wire());
    body.put("state", purchase.state().wire());
    goods.describe(purchase, body);
    Instant expires = purchase.holdExpiresAt();
    if (expires != null) {
      body.put("hold_expires_at", expires.toString());
    }
    if (purchase.problem() != null) {
      body.set("problem", purchase.problem());
    }
    body.put("created_at", purchase.createdAt().toString());
    body.put("updated_at", purchase.updatedAt().toString());
    return body;
  }

  /** What Points refused, as its own problem. */
  static Problem passedOn(Purchase purchase, Goods goods) {
    JsonNode told = Objects.requireNonNull(purchase.problem(), "a problem to pass on");
    PassedOn error =
        new PassedOn(
            told.path("code").asText(),
            told.path("status").asInt(),
            "Points Service says no",
            false);
    Problem problem =
        Problem.of(error, told.path("detail").asText())
            .with(goods.aggregate() + "_id", purchase.id().toString())
            .with("state", purchase.state().wire());
    return told.has("available")
        ? problem.with("available", told.get("available").asLong())
        : problem;
  }

  /** Why this cannot be done now. */
  static Problem conflict(Purchase purchase, Action action, Goods goods) {
    State state = purchase.state();
    if (state == State.RESERVING) {
      return Problem.of(
          CommonError.UNAVAILABLE,
          "Points Service has not answered yet; nothing was changed, try again.");
    }
    if (state == State.EXPIRED) {
      return with(
          Problem.of(
              PurchaseError.HOLD_EXPIRED,
              "The hold ended before the "
                  + goods.aggregate()
                  + " was confirmed, so it is cancelled and the points are back."),
          purchase,
          goods);
    }
    return with(
        Problem.of(
            PurchaseError.STATE_CONFLICT,
            "The " + goods.aggregate() + " is " + state.wire() + ": no " + action.name() + "."),
        purchase,
        goods);
  }

  private static Problem with(Problem problem, Purchase purchase, Goods goods) {
    return problem
        .with(goods.aggregate() + "_id", purchase.id().toString())
        .with("state", purchase.state().wire());
  }
}
