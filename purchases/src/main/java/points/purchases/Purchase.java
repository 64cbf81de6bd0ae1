package points.purchases;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A purchase as it stands. Immutable, as long as nobody writes to the JSON.
 *
 * @param id as this service made it
 * @param order what was ordered
 * @param state where it is
 * @param tries how often Points was asked for the present state's operation under a new external id
 * @param holdId null unless there is a hold
 * @param holdExpiresAt null unless there is a hold
 * @param chargeId Points' transaction that charged the points; null before
 * @param problem what Points refused last; null for nothing
 * @param createdAt when it was written down
 * @param updatedAt when it came into its state
 */
public record Purchase(
    UUID id,
    Order order,
    State state,
    int tries,
    @Nullable UUID holdId,
    @Nullable Instant holdExpiresAt,
    @Nullable UUID chargeId,
    @Nullable JsonNode problem,
    Instant createdAt,
    Instant updatedAt) {

  /**
   * What somebody orders.
   *
   * @param source the calling service
   * @param requestId names the order, once for each source
   * @param request all that was asked for, to tell a repetition from another order
   * @param itemId what is bought
   * @param userId who buys
   * @param points what is paid, 1 to 10^12
   * @param payment how
   */
  public record Order(
      String source,
      String requestId,
      JsonNode request,
      UUID itemId,
      String userId,
      long points,
      Payment payment) {}
}
