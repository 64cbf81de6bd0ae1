package points.connect.rules;

import com.google.errorprone.annotations.Immutable;
import dev.cel.common.exceptions.CelAttributeNotFoundException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.StructTypeReference;
import dev.cel.common.values.StructValue;
import java.util.Map;
import java.util.Optional;

/**
 * An event as CEL sees it. CEL goes through all entries of a plain map whenever an expression reads
 * one of them; this it takes as it is.
 */
@Immutable
final class CelEvent extends StructValue<String, Map<String, Object>> {
  private final String type;

  @SuppressWarnings("Immutable") // an event's data is a copy that nobody can change
  private final Map<String, Object> data;

  CelEvent(Event event) {
    this.type = event.type();
    this.data = event.data();
  }

  @Override
  public Object select(String field) {
    Object value = data.get(field);
    if (value == null) {
      throw CelAttributeNotFoundException.forMissingMapKey(field);
    }
    return value;
  }

  @Override
  public Optional<Object> find(String field) {
    return Optional.ofNullable(data.get(field));
  }

  @Override
  public Map<String, Object> value() {
    return data;
  }

  @Override
  public boolean isZeroValue() {
    return data.isEmpty();
  }

  @Override
  public CelType celType() {
    return StructTypeReference.create(type);
  }
}
