package points.client;

/** What became of an operation. Immutable. */
public sealed interface Outcome {

  /**
   * It is done, and durable.
   *
   * @param receipt what was done; on a replay that of the first time
   * @param replayed whether it had been done before under this external id
   */
  record Done(Receipt receipt, boolean replayed) implements Outcome {}

  /**
   * The ledger says no, for ever: the same external id gets the same refusal again. Trying again
   * takes a new external id.
   *
   * @param problem says why
   * @param replayed whether it had been refused before under this external id
   */
  record Refused(Problem problem, boolean replayed) implements Outcome {}

  /**
   * The call itself is wrong (400, 401, 403, 404, 409 and the like). Nothing was done or remembered
   * this time; once mended, it may be made with the same external id.
   *
   * @param problem says what is wrong; {@code external_id_conflict} has {@link Problem#differing}
   */
  record Rejected(Problem problem) implements Outcome {}

  /**
   * No answer within the deadline: the service was away, overloaded, or its answers were lost.
   * Nothing is known of the operation, it may have been done or not. Making the same call again
   * with the same external id is safe, and tells.
   *
   * @param detail what happened last, for people
   */
  record Unknown(String detail) implements Outcome {}

  /**
   * The receipt of an operation that was done, for callers to whom everything else is exceptional.
   *
   * @throws PointsRejected if it was refused or rejected
   * @throws PointsUnavailable if nothing is known of it
   */
  default Receipt receiptOrThrow() {
    return switch (this) {
      case Done done -> done.receipt();
      case Refused refused -> throw new PointsRejected(refused.problem());
      case Rejected rejected -> throw new PointsRejected(rejected.problem());
      case Unknown unknown -> throw new PointsUnavailable(unknown.detail());
    };
  }
}
