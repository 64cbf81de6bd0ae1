package points.service.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The contract of a service as its OpenAPI document states it. */
public final class OpenApi {
  /** Where the document of Points Service is on the class path. */
  public static final String RESOURCE = "contracts/openapi/points.yaml";

  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  private final String text;
  private final Place root;
  private final List<Operation> operations;
  private final Schemas schemas;
  private final NavigableSet<String> headers;

  private OpenApi(String text, JsonNode document) {
    this.text = text;
    root = Place.root(document);
    operations = operations(root);
    schemas = new Schemas(document);
    headers = headers(root);
  }

  /** The document of Points Service, read once. */
  public static OpenApi points() {
    return Loaded.POINTS;
  }

  private static final class Loaded {
    static final OpenApi POINTS = of(RESOURCE);
  }

  /** The document at this place on the class path. */
  public static OpenApi of(String resource) {
    try (InputStream in = OpenApi.class.getClassLoader().getResourceAsStream(resource)) {
      String text =
          new String(Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
      return new OpenApi(text, new YAMLMapper().readTree(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Operation> operations(Place root) {
    List<Operation> operations = new ArrayList<>();
    for (var path : root.at("paths").members()) {
      for (var member : path.getValue().members()) {
        if (METHODS.contains(member.getKey())) {
          operations.add(operation(path.getKey(), path.getValue(), member));
        }
      }
    }
    return List.copyOf(operations);
  }

  private static Operation operation(String template, Place path, Map.Entry<String, Place> member) {
    Place place = member.getValue();
    List<Operation.Parameter> parameters = new ArrayList<>();
    path.at("parameters").items().forEach(p -> parameters.add(Operation.Parameter.of(p)));
    place.at("parameters").items().forEach(p -> parameters.add(Operation.Parameter.of(p)));
    return new Operation(
        place.node().path("operationId").asText(),
        member.getKey().toUpperCase(Locale.ROOT),
        template,
        place.node().path("x-permission").asText(),
        List.copyOf(parameters),
        place);
  }

  /** Every operation, in the document's order. */
  public List<Operation> operations() {
    return operations;
  }

  /** The operation of that id. */
  public Operation operation(String id) {
    return operations.stream().filter(o -> o.id().equals(id)).findFirst().orElseThrow();
  }

  /** The operation behind a method and a path (without its query), if there is one. */
  public Optional<Operation> operation(String method, String path) {
    return at(path).stream().filter(o -> o.method().equals(method)).findFirst();
  }

  /** The operations behind a path; where one fits without parameters, those win. */
  List<Operation> at(String path) {
    List<Operation> exact = operations.stream().filter(o -> o.template().equals(path)).toList();
    return exact.isEmpty() ? operations.stream().filter(o -> o.matches(path)).toList() : exact;
  }

  /** Every error code. */
  public NavigableSet<String> codes() {
    NavigableSet<String> codes = new TreeSet<>();
    for (var schema : root.at("components", "schemas").members()) {
      JsonNode code = schema.getValue().node().path("properties").path("code");
      code.path("enum").forEach(name -> codes.add(name.asText()));
      if (code.has("const")) {
        codes.add(code.path("const").asText());
      }
    }
    return codes;
  }

  /** The names of all headers that some answer may carry. */
  NavigableSet<String> headers() {
    return headers;
  }

  private static NavigableSet<String> headers(Place root) {
    NavigableSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (JsonNode headers : root.node().findValues("headers")) {
      headers.fieldNames().forEachRemaining(names::add);
    }
    root.at("components", "headers").node().fieldNames().forEachRemaining(names::remove);
    return names;
  }

  /** What is wrong with a value by one of the document's schemas. */
  List<String> faults(Place schema, JsonNode value) {
    return schemas.faults(schema, value);
  }

  Place root() {
    return root;
  }

  /** The document as it is written. */
  public String text() {
    return text;
  }
}
