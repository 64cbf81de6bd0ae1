package points.client;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An error as the service tells it. Branch on {@link #code()} alone. Immutable.
 *
 * @param status the HTTP status, 400 to 599
 * @param code from the service's catalogue of errors, for example {@code insufficient_points}; the
 *     catalogue may grow
 * @param detail what happened, for people
 * @param requestId finds the call in the service's logs; empty where it is not told
 * @param available points that could have been spent; null where it is not told
 * @param remaining points that remain of the hold, charge or ceiling; null where it is not told
 * @param hold how the hold stands; null where it is not told
 * @param differing on {@code external_id_conflict} the names of the fields that differ
 * @param transactionId on {@code external_id_conflict} what the first use made; null for nothing
 * @param errors on {@code invalid_request} what is wrong with which field
 */
public record Problem(
    int status,
    String code,
    String detail,
    String requestId,
    @Nullable Long available,
    @Nullable Long remaining,
    @Nullable HoldState hold,
    List<String> differing,
    @Nullable UUID transactionId,
    List<FieldError> errors) {

  /**
   * One thing that is wrong with a request.
   *
   * @param field its name; {@code body} for the whole
   * @param message what it must be
   */
  public record FieldError(String field, String message) {}

  /** Copies the lists. */
  public Problem {
    differing = List.copyOf(differing);
    errors = List.copyOf(errors);
  }
}
