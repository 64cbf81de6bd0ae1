package points.service.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One operation of the document.
 *
 * @param template its path, for example {@code /internal/holds/{hold_id}}
 * @param permission its {@code x-permission}: a verb, {@code batch}, {@code read}, {@code admin},
 *     {@code me}, {@code authenticated} (any service) or {@code anyone}
 */
public record Operation(
    String id,
    String method,
    String template,
    String permission,
    List<Parameter> parameters,
    Place place) {

  /** Whether callers need no credentials. */
  public boolean isOpen() {
    return permission.equals("anyone");
  }

  /** The parameters that every call must carry. */
  public List<Parameter> requiredParameters() {
    return parameters.stream().filter(Parameter::required).toList();
  }

  /** An example of its body, if it takes one. */
  public Optional<JsonNode> exampleBody() {
    return examples(place.at("requestBody", "content", "application/json")).findFirst();
  }

  @Override
  public String toString() {
    return method + " " + template;
  }

  boolean matches(String path) {
    String pattern =
        Stream.of(template.split("/", -1))
            .map(part -> part.startsWith("{") ? "[^/]+" : Pattern.quote(part))
            .reduce((a, b) -> a + "/" + b)
            .orElseThrow();
    return path.matches(pattern);
  }

  Place requestSchema() {
    return place.at("requestBody", "content", "application/json", "schema");
  }

  Place response(int status) {
    return place.at("responses", String.valueOf(status));
  }

  /** The examples beside a schema, under either of the two words for them. */
  static Stream<JsonNode> examples(Place media) {
    Stream<JsonNode> one = Stream.of(media.node().path("example"));
    Stream<JsonNode> several =
        media.at("examples").members().stream().map(e -> e.getValue().node().path("value"));
    return Stream.concat(one, several).filter(example -> !example.isMissingNode());
  }

  /**
   * A parameter.
   *
   * @param in {@code path} or {@code query}
   */
  public record Parameter(String name, String in, boolean required, Place place) {
    static Parameter of(Place place) {
      JsonNode node = place.node();
      return new Parameter(
          node.path("name").asText(),
          node.path("in").asText(),
          node.path("required").asBoolean(),
          place);
    }

    /** An example of its value, if the document has one. */
    public Optional<String> example() {
      return examples(place).map(JsonNode::asText).findFirst();
    }

    Place schema() {
      return place.at("schema");
    }
  }
}
