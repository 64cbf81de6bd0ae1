package points.purchases;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What Points' answer means for a purchase. */
sealed interface Step {

  /** It goes to another state. */
  record Move(State to, Facts facts) implements Step {}

  /**
   * It stays where it is for now.
   *
   * @param again whether the next attempt needs a new external id, as this one is used up
   */
  record Wait(String why, boolean again) implements Step {}

  /** There is nothing to do. */
  record Rest() implements Step {}

  /**
   * What there is to note; null for nothing new.
   *
   * @param again whether the next operation of the kind that was refused needs a new external id
   */
  record Facts(
      @Nullable UUID holdId,
      @Nullable Instant holdExpiresAt,
      @Nullable UUID chargeId,
      @Nullable JsonNode problem,
      boolean again) {
    static final Facts NONE = new Facts(null, null, null, null, false);
  }
}
