package points.purchases;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import points.client.Capture;
import points.client.Debit;
import points.client.HeldPoints;
import points.client.Hold;
import points.client.HoldState;
import points.client.Operation;
import points.client.Outcome;
import points.client.PointsClient;
import points.client.Problem;
import points.client.Receipt;
import points.client.Refund;
import points.client.Release;

/** Asks Points for what a purchase's state calls for. Safe for use by many threads. */
final class Steps {
  private final Goods goods;
  private final PointsClient points;

  Steps(Goods goods, PointsClient points) {
    this.goods = goods;
    this.points = points;
  }

  /** What an open purchase needs; the others rest. */
  Step of(Purchase purchase) {
    return switch (purchase.state()) {
      case RESERVING -> reserve(purchase);
      case CONFIRMING -> confirm(purchase);
      case CANCELLING ->
          purchase.order().payment() == Payment.HOLD
              ? release(purchase)
              : refund(purchase, State.CANCELLED);
      case REFUNDING -> refund(purchase, State.REFUNDED);
      case REFUSED, RESERVED, PAID, COMPLETED, CANCELLED, EXPIRED, REFUNDED -> new Step.Rest();
    };
  }

  /** What a purchase needs whose hold may have ended meanwhile. */
  Step ofHold(Purchase purchase) {
    UUID holdId = purchase.holdId();
    if (holdId == null) {
      return new Step.Rest();
    }
    HoldState.Status status =
        points
            .holdById(holdId)
            .map(HeldPoints::state)
            .map(HoldState::status)
            .orElse(HoldState.Status.ACTIVE);
    return switch (status) {
      case ACTIVE, CAPTURED -> new Step.Wait("the hold stands", false);
      case EXPIRED, RELEASED -> new Step.Move(State.EXPIRED, Step.Facts.NONE);
    };
  }

  private Step reserve(Purchase purchase) {
    Outcome outcome = points.perform(reservation(purchase));
    return switch (outcome) {
      case Outcome.Done done -> new Step.Move(State.RESERVED, reserved(done.receipt()));
      case Outcome.Refused refused -> new Step.Move(State.REFUSED, noting(refused.problem()));
      // Credentials and permissions are not the buyer's fault, and will be mended.
      case Outcome.Rejected rejected when isOurs(rejected.problem()) -> wait(rejected.problem());
      case Outcome.Rejected rejected -> new Step.Move(State.REFUSED, noting(rejected.problem()));
      case Outcome.Unknown unknown -> new Step.Wait(unknown.detail(), false);
    };
  }

  private Operation reservation(Purchase purchase) {
    Purchase.Order order = purchase.order();
    String account = "user:" + order.userId();
    return switch (order.payment()) {
      case HOLD ->
          Hold.of(account, order.points(), externalId(purchase, "hold"), goods.reason())
              .withExpiresIn(goods.holdTime())
              .withMetadata(metadata(purchase));
      case DEBIT ->
          Debit.of(account, order.points(), externalId(purchase, "debit"), goods.reason())
              .withMetadata(metadata(purchase));
    };
  }

  private static Step.Facts reserved(Receipt receipt) {
    HoldState hold = receipt.hold();
    return hold == null
        ? new Step.Facts(null, null, receipt.transactionId(), null, false)
        : new Step.Facts(hold.holdId(), hold.expiresAt(), null, null, false);
  }

  private Step confirm(Purchase purchase) {
    if (purchase.order().payment() == Payment.DEBIT) {
      return new Step.Move(State.PAID, Step.Facts.NONE);
    }
    Capture capture =
        Capture.all(hold(purchase), externalId(purchase, "capture")).withReason(goods.reason());
    return switch (points.perform(capture)) {
      case Outcome.Done done ->
          new Step.Move(
              State.PAID, new Step.Facts(null, null, done.receipt().transactionId(), null, false));
      case Outcome.Refused refused when isOver(refused.problem()) ->
          new Step.Move(State.EXPIRED, Step.Facts.NONE);
      case Outcome.Refused refused ->
          new Step.Move(
              State.RESERVED, new Step.Facts(null, null, null, json(refused.problem()), true));
      case Outcome.Rejected rejected -> wait(rejected.problem());
      case Outcome.Unknown unknown -> new Step.Wait(unknown.detail(), false);
    };
  }

  private Step release(Purchase purchase) {
    Release release =
        Release.of(hold(purchase), externalId(purchase, "release")).withReason(goods.reason());
    return switch (points.perform(release)) {
      case Outcome.Done done -> new Step.Move(State.CANCELLED, Step.Facts.NONE);
      // However it ended, nothing of it was captured, so the points are back.
      case Outcome.Refused refused when isOver(refused.problem()) ->
          new Step.Move(State.CANCELLED, Step.Facts.NONE);
      case Outcome.Refused refused -> new Step.Wait(text(refused.problem()), true);
      case Outcome.Rejected rejected -> wait(rejected.problem());
      case Outcome.Unknown unknown -> new Step.Wait(unknown.detail(), false);
    };
  }

  private Step refund(Purchase purchase, State done) {
    UUID charge = Objects.requireNonNull(purchase.chargeId(), "a charge to refund");
    Refund refund = Refund.all(charge, externalId(purchase, "refund")).withReason(goods.reason());
    return switch (points.perform(refund)) {
      case Outcome.Done it -> new Step.Move(done, Step.Facts.NONE);
      case Outcome.Refused refused -> new Step.Wait(text(refused.problem()), true);
      case Outcome.Rejected rejected -> wait(rejected.problem());
      case Outcome.Unknown unknown -> new Step.Wait(unknown.detail(), false);
    };
  }

  private static UUID hold(Purchase purchase) {
    return Objects.requireNonNull(purchase.holdId(), "a hold to end");
  }

  /** Like {@code purchase:17:hold}: whoever goes on after a crash finds the same one. */
  private String externalId(Purchase purchase, String verb) {
    String id = goods.aggregate() + ":" + purchase.id() + ":" + verb;
    return purchase.tries() == 1 ? id : id + ":" + purchase.tries();
  }

  private Map<String, Object> metadata(Purchase purchase) {
    return Map.of(
        goods.aggregate() + "_id", purchase.id().toString(),
        goods.item() + "_id", purchase.order().itemId().toString());
  }

  private static boolean isOver(Problem problem) {
    HoldState hold = problem.hold();
    return problem.code().equals("hold_not_active")
        && (hold == null || hold.status() != HoldState.Status.CAPTURED);
  }

  private static boolean isOurs(Problem problem) {
    return problem.status() == 401 || problem.status() == 403;
  }

  private static Step wait(Problem problem) {
    return new Step.Wait(text(problem), false);
  }

  private static String text(Problem problem) {
    return problem.code() + ": " + problem.detail();
  }

  private static Step.Facts noting(Problem problem) {
    return new Step.Facts(null, null, null, json(problem), false);
  }

  /** What of it the buyer is to know. */
  private static ObjectNode json(Problem problem) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("status", problem.status());
    json.put("code", problem.code());
    json.put("detail", problem.detail());
    if (problem.available() != null) {
      json.put("available", problem.available());
    }
    return json;
  }
}
