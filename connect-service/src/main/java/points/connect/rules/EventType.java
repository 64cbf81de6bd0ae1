package points.connect.rules;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A type of event and the fields of its data that rules can see. Immutable.
 *
 * @param name like {@code quest.completed}
 * @param fields by name
 * @param required the fields that every event of the type has
 * @param itemsMax how many items a list may have at most; the greatest of all lists
 * @param texts for each field of texts, some that it can have
 */
public record EventType(
    String name,
    Map<String, FieldType> fields,
    Set<String> required,
    int itemsMax,
    Map<String, List<String>> texts) {

  public EventType {
    fields = Map.copyOf(fields);
    required = Set.copyOf(required);
    texts = Map.copyOf(texts);
    if (!fields.keySet().containsAll(required) || itemsMax < 0) {
      throw new IllegalArgumentException("not an event type: " + name);
    }
  }

  /** Its fields, for people, in the order of the alphabet. */
  public List<String> names() {
    return List.copyOf(new TreeMap<>(fields).keySet());
  }
}
