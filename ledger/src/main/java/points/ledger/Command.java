package points.ledger;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An operation with the key that makes it one and what is told about it.
 *
 * @param reason {@code [a-z0-9._-]{1,64}}, or {@code null}; takes no part in idempotency
 * @param metadata a JSON object as text, or {@code null}; takes no part in idempotency
 * @param requestId the HTTP request that brought it, or {@code null}; remembered with a refusal
 */
public record Command(
    ExternalKey key,
    Operation operation,
    @Nullable String reason,
    @Nullable String metadata,
    @Nullable String requestId) {

  /** The service's own operation on a hold whose time is up. */
  public static Command expireHold(UUID holdId) {
    return own(new Operation.ExpireHold(holdId), holdId.toString());
  }

  /** The service's own operation on a pending credit that is due. */
  public static Command activate(UUID lotId) {
    return own(new Operation.Activate(lotId), lotId.toString());
  }

  /**
   * The service's own operation on a lot whose time is up. A lot can expire again when a release or
   * refund brings points back into it, so {@code seq}, the account's at that moment, tells the
   * expiries apart.
   */
  public static Command expireLot(UUID lotId, long seq) {
    return own(new Operation.ExpireLot(lotId), lotId + ":" + seq);
  }

  private static Command own(Operation operation, String id) {
    ExternalKey key = new ExternalKey(ExternalKey.SERVICE, operation.verb().wire() + ":" + id);
    return new Command(key, operation, null, null, null);
  }
}
