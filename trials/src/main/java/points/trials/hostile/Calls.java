package points.trials.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import points.service.contract.Operation;

/**
 * Makes calls that a contract allows, out of its examples and schemas, about a few accounts and
 * whatever earlier answers named. Not safe for use by several threads.
 */
final class Calls {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PEOPLE = 20;
  private static final List<String> EVENT_TYPES =
      List.of(
          "quest.completed",
          "voucher.purchased",
          "voucher.refunded",
          "rielt.booking_paid",
          "rielt.booking_cancelled",
          "referral.joined_level1",
          "referral.user_upgraded_to_vip");

  private final Target target;
  private final SplittableRandom random;
  private final Seen seen;
  private final UnaryOperator<String> keys;
  private final JsonNode document;
  private final Samples samples;
  private final List<Operation> operations = new ArrayList<>();
  private String source = "";

  /**
   * Calls of one service.
   *
   * @param seen what answers had
   * @param keys gives the API key of a source
   */
  Calls(Target target, SplittableRandom random, Seen seen, UnaryOperator<String> keys) {
    this.target = target;
    this.random = random;
    this.seen = seen;
    this.keys = keys;
    document = document(target.resource());
    samples = new Samples(document, random);
    for (Operation operation : target.api().operations()) {
      // What everybody may read is the least of it, and the metrics are long.
      int share = !operation.isOpen() ? 20 : operation.template().equals("/metrics") ? 1 : 3;
      for (int i = 0; i < share; i++) {
        operations.add(operation);
      }
    }
  }

  private static JsonNode document(String resource) {
    try (InputStream in = Calls.class.getClassLoader().getResourceAsStream(resource)) {
      return new YAMLMapper().readTree(Objects.requireNonNull(in, resource));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next one, mostly from somebody who may. */
  Request next() {
    Operation operation = operations.get(random.nextInt(operations.size()));
    String caller = source(operation);
    Request request = of(operation, caller);
    boolean anonymous = operation.isOpen() || random.nextInt(100) == 0;
    return anonymous
        ? request
        : request.withHeader("Authorization", "Bearer " + keys.apply(caller));
  }

  /**
   * One of an operation, without credentials.
   *
   * @param caller the source that it might be from
   */
  Request of(Operation operation, String caller) {
    source = caller;
    JsonNode place =
        document.at(
            "/paths/"
                + operation.template().replace("~", "~0").replace("/", "~1")
                + "/"
                + operation.method().toLowerCase(Locale.ROOT));
    Map<String, String> headers = new LinkedHashMap<>();
    String path = path(operation, place);
    JsonNode content = place.at("/requestBody/content");
    if (content.isMissingNode()) {
      return new Request(operation.method(), path, headers, null);
    }
    List<Map.Entry<String, JsonNode>> kinds = new ArrayList<>(content.properties());
    var kind = kinds.get(random.nextInt(kinds.size()));
    headers.put("Content-Type", kind.getKey());
    if (operation.id().equals("publish") && kind.getKey().equals("application/json")) {
      return binary(new Request(operation.method(), path, headers, null), event(source));
    }
    String body = body(operation, kind.getKey(), kind.getValue());
    return new Request(operation.method(), path, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Mostly one that may. */
  private String source(Operation operation) {
    if (random.nextInt(8) > 0) {
      List<String> may =
          Target.SOURCES.stream().filter(s -> target.allows(s, operation.permission())).toList();
      if (!may.isEmpty()) {
        return may.get(random.nextInt(may.size()));
      }
    }
    return Target.SOURCES.get(random.nextInt(Target.SOURCES.size()));
  }

  private String path(Operation operation, JsonNode place) {
    StringBuilder query = new StringBuilder();
    String path = operation.template();
    JsonNode shared = document.path("paths").path(operation.template()).path("parameters");
    for (JsonNode list : List.of(shared, place.path("parameters"))) {
      for (JsonNode given : list) {
        JsonNode parameter =
            given.has("$ref") ? document.at(given.path("$ref").asText().substring(1)) : given;
        String name = parameter.path("name").asText();
        switch (parameter.path("in").asText()) {
          case "path" -> {
            String full = name.equals("id") ? idOf(path) : name;
            path = path.replace("{" + name + "}", encoded(value(full, parameter)));
          }
          case "query" -> {
            if (parameter.path("required").asBoolean() || random.nextInt(3) == 0) {
              query.append(query.isEmpty() ? '?' : '&').append(name).append('=');
              query.append(encoded(value(name, parameter)));
            }
          }
          default -> {}
        }
      }
    }
    return path + query;
  }

  /** Whose id it is: {@code purchase_id} in {@code /purchases/{id}/confirm}. */
  private static String idOf(String template) {
    String before = template.substring(0, template.indexOf("/{id}"));
    String many = before.substring(before.lastIndexOf('/') + 1).replace('-', '_');
    return many.equals("members") ? "user_id" : many.substring(0, many.length() - 1) + "_id";
  }

  private String value(String name, JsonNode parameter) {
    String known = known(name);
    if (known != null) {
      return known;
    }
    JsonNode example = parameter.path("example");
    boolean copy = !example.isMissingNode() && random.nextBoolean();
    return (copy ? example : samples.of(parameter.path("schema"))).asText();
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("%3A", ":");
  }

  /** A value that makes sense under this name; null where any will do. */
  private @Nullable String known(String name) {
    return switch (name) {
      case "account" -> "user:" + random.nextInt(PEOPLE);
      case "user_id" -> Integer.toString(random.nextInt(PEOPLE));
      case "external_id", "request_id" -> "f-" + Long.toString(random.nextLong() >>> 1, 36);
      case "cursor" -> random.nextBoolean() ? seen.any("next_cursor", random) : null;
      case "after" -> random.nextBoolean() ? seen.any("next", random) : null;
      case "invited_by_code" -> seen.any("code", random);
      case "name" -> "fuzz-" + random.nextInt(3);
      default -> name.endsWith("_id") ? seen.any(name, random) : null;
    };
  }

  private String body(Operation operation, String mediaType, JsonNode media) {
    if (mediaType.contains("cloudevents")) {
      return mediaType.contains("batch")
          ? "[" + event(source) + "," + event(source) + "]"
          : event(source).toString();
    }
    JsonNode example = media.path("example");
    JsonNode several = media.path("examples");
    if (several.size() > 0) {
      int index = random.nextInt(several.size());
      example = new ArrayList<>(several.properties()).get(index).getValue().path("value");
    }
    boolean copy = !example.isMissingNode() && random.nextInt(3) > 0;
    JsonNode body = copy ? example.deepCopy() : samples.of(media.path("schema"));
    personalise(body, "");
    if (operation.template().startsWith("/rules/{") && body.isTextual()) {
      return body.asText();
    }
    return body.toString();
  }

  /** Puts in names that exist, and amounts that there may be. */
  private void personalise(JsonNode body, String under) {
    if (body instanceof ObjectNode object && !under.equals("metadata")) {
      for (var member : List.copyOf(object.properties())) {
        String name = member.getKey();
        String known = known(name);
        boolean isAmount = name.equals("amount") || name.endsWith("points");
        if (member.getValue().isTextual() && known != null && random.nextInt(8) > 0) {
          object.put(name, known);
        } else if (isAmount && member.getValue().isNumber() && random.nextInt(4) > 0) {
          object.put(name, 1 + random.nextInt(50));
        } else {
          personalise(member.getValue(), name);
        }
      }
    }
    body.forEach(item -> personalise(item, under));
  }

  private ObjectNode event(String from) {
    String type = EVENT_TYPES.get(random.nextInt(EVENT_TYPES.size()));
    boolean own = random.nextInt(8) > 0;
    if (own) {
      List<String> mine = EVENT_TYPES.stream().filter(t -> t.startsWith(from + ".")).toList();
      type = mine.isEmpty() ? type : mine.get(random.nextInt(mine.size()));
    }
    ObjectNode event = JSON.createObjectNode();
    event.put("specversion", "1.0");
    event.put("source", from);
    event.put("id", "f-" + random.nextInt(1 << 30));
    event.put("type", type);
    if (random.nextBoolean()) {
      event.put("time", "2026-11-22T18:00:00Z");
    }
    JsonNode schema = document("contracts/events/" + type + ".json");
    JsonNode data = new Samples(schema, random).of(schema);
    personalise(data, "");
    event.set("data", data);
    return event;
  }

  private static Request binary(Request request, ObjectNode event) {
    Request made = request;
    for (String name : List.of("specversion", "source", "id", "type")) {
      made = made.withHeader("ce-" + name, event.path(name).asText());
    }
    return made.withBody(event.path("data").toString().getBytes(StandardCharsets.UTF_8));
  }
}
