package points.client;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Ends a hold; what remains of it can be spent again. Immutable.
 *
 * @param holdId of a hold that this source placed
 * @param externalId 1 to 128 visible ASCII characters
 * @param reason 1 to 64 of {@code [a-z0-9._-]}; null for none
 * @param metadata empty for none
 */
public record Release(
    UUID holdId, String externalId, @Nullable String reason, Map<String, Object> metadata)
    implements Operation {

  /**
   * Checks what can be checked here.
   *
   * @throws IllegalArgumentException if a value is not what the contract allows
   */
  public Release {
    Checks.externalId(externalId);
    Checks.optionalReason(reason);
    metadata = Checks.copy(metadata);
  }

  /** A release that says no more. */
  public static Release of(UUID holdId, String externalId) {
    return new Release(holdId, externalId, null, Map.of());
  }

  /** This release with a reason. */
  public Release withReason(String reason) {
    return new Release(holdId, externalId, reason, metadata);
  }

  /** This release with other metadata. */
  public Release withMetadata(Map<String, Object> metadata) {
    return new Release(holdId, externalId, reason, metadata);
  }
}
