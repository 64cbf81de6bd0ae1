package points.connect.rules;

import com.google.errorprone.annotations.Immutable;
import dev.cel.common.exceptions.CelAttributeNotFoundException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.StructTypeReference;
import dev.cel.common.values.StructValue;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event's data as CEL sees it. CEL would copy a map, with all that is in it, each time that an
 * expression names one of its fields.
 */
@Immutable
@SuppressWarnings("Immutable") // the map of an event never changes
final class CelEvent extends StructValue<String, Map<String, Object>> {
  private final Event event;

  CelEvent(Event event) {
    this.event = event;
  }

  @Override
  public Map<String, Object> value() {
    return event.data();
  }

  @Override
  public boolean isZeroValue() {
    return event.data().isEmpty();
  }

  @Override
  public CelType celType() {
    return StructTypeReference.create(event.type());
  }

  @Override
  public Object select(String field) {
    Object value = event.data().get(field);
    if (value == null) {
      throw CelAttributeNotFoundException.forFieldResolution(field);
    }
    return value;
  }

  @Override
  public Optional<Object> find(String field) {
    return Optional.ofNullable(event.data().get(field));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CelEvent that && event.data().equals(that.event.data());
  }

  @Override
  public int hashCode() {
    return event.data().hashCode();
  }
}
