package points.connect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import points.client.ContractBroken;
import points.client.Credit;
import points.client.Operation;
import points.client.Outcome;
import points.client.PointsClient;
import points.client.Problem;
import points.client.Reverse;
import points.connect.postgres.ActionQueue;
import points.connect.postgres.PointsAway;
import points.connect.postgres.Settlement;
import points.connect.rules.ActionIds;

/** Sends batches to Points, and reads what its answers mean for actions. Thread-safe. */
final class Sending {
  /** What is wrong with the call as a whole, and may be mended without us. */
  private static final Set<Integer> MENDABLE = Set.of(401, 404, 405, 408, 415, 429);

  /** The code of what came too late to be credited. */
  private static final String EXPIRED = "expired";

  private static final Set<Integer> UNFIT_BATCH = Set.of(400, 413);
  private static final int DETAIL_LENGTH_MAX = 500;

  private final PointsClient points;
  private final Backoff backoff;

  Sending(PointsClient points, Backoff backoff) {
    this.points = points;
    this.backoff = backoff;
  }

  /** Credits; an answer for each, in their order. */
  List<Settlement> credits(List<ActionQueue.Due> due) {
    List<Operation> operations = new ArrayList<>();
    due.forEach(action -> operations.add(credit(action)));
    List<Outcome> outcomes = send(operations);
    List<Settlement> settlements = new ArrayList<>();
    for (int i = 0; i < due.size(); i++) {
      Outcome outcome = outcomes.get(i);
      settlements.add(
          isExpired(outcome)
              ? new Settlement.Refused(EXPIRED, "The points had expired before Points was reached.")
              : settlement(outcome, due.get(i).attempts()));
    }
    return settlements;
  }

  /**
   * Rules see to it that points expire after the decision, and after they are available. So this is
   * all that can be wrong with the expiry, and the credit would have been worth nothing by now.
   */
  private static boolean isExpired(Outcome outcome) {
    return outcome instanceof Outcome.Rejected rejected
        && rejected.problem().errors().stream()
            .anyMatch(error -> error.field().endsWith("expires_at"));
  }

  /** Takes credits back; an answer for each, in their order. */
  List<Settlement> reversals(List<ActionQueue.DueReversal> due) {
    List<Operation> operations = new ArrayList<>();
    due.forEach(reversal -> operations.add(reverse(reversal)));
    List<Outcome> outcomes = send(operations);
    List<Settlement> settlements = new ArrayList<>();
    for (int i = 0; i < due.size(); i++) {
      settlements.add(settlement(outcomes.get(i), due.get(i).attempts()));
    }
    return settlements;
  }

  private static Credit credit(ActionQueue.Due action) {
    return new Credit(
        action.account(),
        action.points(),
        action.externalId(),
        action.reason(),
        metadata(action.eventId(), action.eventType(), action.rule(), action.revision()),
        action.expiresAt(),
        action.availableAt());
  }

  private static Reverse reverse(ActionQueue.DueReversal due) {
    String id = ActionIds.ofReversal(due.action()).toString();
    return Reverse.all(
            due.transaction(),
            due.generation() == 0 ? id : id + "." + due.generation(),
            Reverse.Policy.valueOf(due.policy().toUpperCase(Locale.ROOT)))
        .withReason(due.reason())
        .withMetadata(metadata(due.eventId(), due.eventType(), due.rule(), due.revision()));
  }

  private static Map<String, Object> metadata(
      String eventId, String eventType, String rule, int revision) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("event_id", eventId);
    metadata.put("event_type", eventType);
    metadata.put("rule", rule);
    metadata.put("revision", revision);
    return metadata;
  }

  private List<Outcome> send(List<Operation> operations) {
    List<Outcome> outcomes;
    try {
      outcomes = points.batch(operations);
    } catch (ContractBroken e) {
      throw new PointsAway(String.valueOf(e.getMessage()));
    }
    if (outcomes.stream().allMatch(Sending::isAway)) {
      throw new PointsAway(detail(outcomes.getFirst()));
    }
    if (operations.size() > 1 && outcomes.stream().allMatch(Sending::isUnfit)) {
      // One of them spoils the batch: it must not take the others with it.
      int half = operations.size() / 2;
      List<Outcome> halves = new ArrayList<>(send(operations.subList(0, half)));
      halves.addAll(send(operations.subList(half, operations.size())));
      return halves;
    }
    return outcomes;
  }

  private static boolean isAway(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Unknown unused -> true;
      case Outcome.Rejected rejected -> isMendable(rejected.problem());
      case Outcome.Done unused -> false;
      case Outcome.Refused unused -> false;
    };
  }

  private static boolean isMendable(Problem problem) {
    return problem.status() >= 500
        || problem.code().equals("operation_not_allowed")
        || (MENDABLE.contains(problem.status()) && !problem.code().endsWith("_not_found"));
  }

  private static boolean isUnfit(Outcome outcome) {
    return outcome instanceof Outcome.Rejected rejected
        && UNFIT_BATCH.contains(rejected.problem().status());
  }

  private Settlement settlement(Outcome outcome, int attempts) {
    return switch (outcome) {
      case Outcome.Done done ->
          new Settlement.Done(done.receipt().transactionId(), done.receipt().amount());
      case Outcome.Refused refused ->
          new Settlement.Refused(refused.problem().code(), detail(outcome));
      case Outcome.Rejected rejected when isMendable(rejected.problem()) ->
          new Settlement.Later(backoff.after(attempts + 1), detail(outcome));
      case Outcome.Rejected rejected ->
          new Settlement.Dead(rejected.problem().code(), detail(outcome));
      case Outcome.Unknown unused ->
          new Settlement.Later(backoff.after(attempts + 1), detail(outcome));
    };
  }

  private static String detail(Outcome outcome) {
    String detail =
        switch (outcome) {
          case Outcome.Refused refused -> refused.problem().detail();
          case Outcome.Rejected rejected ->
              rejected.problem().status() + " " + rejected.problem().detail();
          case Outcome.Unknown unknown -> unknown.detail();
          case Outcome.Done unused -> "";
        };
    return detail.length() > DETAIL_LENGTH_MAX ? detail.substring(0, DETAIL_LENGTH_MAX) : detail;
  }
}
