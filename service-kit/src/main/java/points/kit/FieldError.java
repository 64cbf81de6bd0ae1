package points.kit;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * What is wrong with one field of a request.
 *
 * @param field where it is, like {@code amount}, {@code metadata.a} or {@code
 *     operations[3].amount}; {@code body} for the body as a whole
 * @param message what is expected there, for a person
 */
@JsonPropertyOrder({"field", "message"})
public record FieldError(String field, String message) {}
