package points.service.contract;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A node of the document and where it stands; going down follows references. */
record Place(JsonNode document, JsonPointer pointer, JsonNode node) {

  static Place root(JsonNode document) {
    return new Place(document, JsonPointer.empty(), document).resolved();
  }

  boolean exists() {
    return !node.isMissingNode();
  }

  Place at(String name) {
    return new Place(document, pointer.appendProperty(name), node.path(name)).resolved();
  }

  Place at(String... names) {
    Place place = this;
    for (String name : names) {
      place = place.at(name);
    }
    return place;
  }

  /** The members of an object, in their order. */
  List<Map.Entry<String, Place>> members() {
    return node.properties().stream().map(e -> Map.entry(e.getKey(), at(e.getKey()))).toList();
  }

  /** The items of an array. */
  List<Place> items() {
    return IntStream.range(0, node.size())
        .mapToObj(i -> new Place(document, pointer.appendIndex(i), node.path(i)).resolved())
        .toList();
  }

  private Place resolved() {
    String reference = node.path("$ref").asText("");
    if (!reference.startsWith("#/")) {
      return this;
    }
    JsonPointer target = JsonPointer.compile(reference.substring(1));
    JsonNode found = document.at(target);
    if (found.isMissingNode()) {
      throw new IllegalStateException(pointer + " refers to nothing: " + reference);
    }
    return new Place(document, target, found).resolved();
  }
}
