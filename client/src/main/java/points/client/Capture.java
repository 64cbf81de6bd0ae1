package points.client;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes points that are on hold for good. Immutable.
 *
 * @param holdId of a hold that this source placed
 * @param externalId 1 to 128 visible ASCII characters
 * @param amount 1 to 10^12 points; null for all that remains on hold
 * @param last whether the hold ends, what is left over being released; otherwise it stays on hold
 * @param reason 1 to 64 of {@code [a-z0-9._-]}; null for none
 * @param metadata empty for none
 */
public record Capture(
    UUID holdId,
    String externalId,
    @Nullable Long amount,
    boolean last,
    @Nullable String reason,
    Map<String, Object> metadata)
    implements Operation {

  /**
   * Checks what can be checked here.
   *
   * @throws IllegalArgumentException if a value is not what the contract allows
   */
  public Capture {
    Checks.externalId(externalId);
    Checks.optionalAmount(amount);
    Checks.optionalReason(reason);
    metadata = Checks.copy(metadata);
  }

  /** A capture of all that remains. */
  public static Capture all(UUID holdId, String externalId) {
    return new Capture(holdId, externalId, null, true, null, Map.of());
  }

  /** A capture of so many points that ends the hold and releases the rest. */
  public static Capture last(UUID holdId, String externalId, long amount) {
    return new Capture(holdId, externalId, amount, true, null, Map.of());
  }

  /** A capture of so many points that leaves the rest on hold for a further one. */
  public static Capture part(UUID holdId, String externalId, long amount) {
    return new Capture(holdId, externalId, amount, false, null, Map.of());
  }

  /** This capture with a reason. */
  public Capture withReason(String reason) {
    return new Capture(holdId, externalId, amount, last, reason, metadata);
  }

  /** This capture with other metadata. */
  public Capture withMetadata(Map<String, Object> metadata) {
    return new Capture(holdId, externalId, amount, last, reason, metadata);
  }
}
